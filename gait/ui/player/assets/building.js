// The player's elements, put together from its state.

import { choice, el, iconButton, keyHelp, layerChips, toolButtons } from "./controls.js";
import { Hands } from "./hands.js";
import { COLOURS } from "./overlay.js";
import { Stage } from "./stage.js";
import { Timeline } from "./timeline.js";
import { WHOLE } from "./view.js";
import { cap, STOP_NAMES } from "./words.js";

export const NARROW_PX = 640;
const RATE_OPTIONS = [
  { value: 0.125, text: "⅛", name: "An eighth of real speed" },
  { value: 0.25, text: "¼", name: "A quarter of real speed" },
  { value: 0.5, text: "½", name: "Half of real speed" },
  { value: 1, text: "1×", name: "Real speed" },
];

export class Building {
  build() {
    const { root } = this;
    const two = Boolean(this.other);
    root.setAttribute("aria-label", `Frame player: ${this.reels.map(({ facts }) => facts.title).join(" and ")}`);
    root.classList.toggle("two", two);
    root.dataset.layout = two ? this.layout : "one";
    this.parts = {};
    root.replaceChildren(
      el("div", { class: "body" }, [this.buildStages(), this.buildPanel()]),
      this.buildTransport(),
      this.buildTimeline(),
      ...(two ? [this.buildPair()] : []),
      ...(this.editable ? [this.buildEditing()] : []),
      el("div", { class: "foot" }, [keyHelp(this.editable)]),
    );
    this.resize();
  }

  buildStages() {
    const count = this.other && this.layout !== "ghost" ? 2 : 1;
    this.stages = [];
    const nodes = Array.from({ length: count }, (_, i) => {
      const canvas = el("canvas", { role: "img", "aria-label": "The picture" });
      const title = el("figcaption", { text: count === 2 || this.other ? this.titleOf(i, count) : this.reel.facts.title });
      const message = el("p", { class: "message", hidden: true });
      const node = el("figure", { class: "stage", tabindex: "0", "aria-label": "Picture: arrow keys go from frame to frame" }, [canvas, title, message]);
      const stage = Object.assign(new Stage(canvas), { node, message });
      this.stages.push(stage);
      stage.hands = new Hands(this, stage);
      return node;
    });
    this.stages[0].node.append(
      el("div", { class: "zoom" }, [
        iconButton("plus", "Closer", () => this.zoomBy(1.5)),
        iconButton("minus", "Farther", () => this.zoomBy(1 / 1.5)),
        iconButton("fit", "Whole picture", () => this.setZoom(WHOLE)),
      ]),
    );
    return el("div", { class: "stages" }, nodes);
  }

  titleOf(i, count) {
    if (count === 2) return this.reels[i].facts.title;
    return `${this.reel.facts.title}, with ${this.other.facts.title} over it`;
  }

  buildPanel() {
    const select = el("select", { "aria-label": "The number to show", onchange: (e) => this.setSignal(e.target.value) },
      this.reel.facts.signals.map(({ id, label, side }) => el("option", { value: id, text: side ? `${label}, ${side}` : label })));
    select.value = this.signal;
    this.parts.select = select;
    this.parts.number = el("span");
    this.parts.unit = el("small");
    this.parts.second = el("span", { class: "second" });
    const value = el("output", { class: "value", "aria-live": "off" }, [this.parts.number, this.parts.unit, this.parts.second]);
    this.parts.moment = el("p", { class: "moment" });
    const jumps = Object.entries(STOP_NAMES).map(([kind, name]) =>
      el("div", { class: "jump" }, [
        iconButton("back", `${name} before`, () => this.jump(kind, -1)),
        el("span", { text: name }),
        iconButton("on", `Next ${name.toLowerCase()}`, () => this.jump(kind, 1)),
      ]));
    return el("aside", { class: "panel" }, [
      el("div", { class: "readout" }, [select, value, this.parts.moment]),
      el("div", { class: "jumps", role: "group", "aria-label": "Go to" }, [...jumps, this.legChoice()]),
      layerChips(this.reel.near, this.layers, (id) => this.toggle(id)),
    ]);
  }

  legChoice() {
    const near = this.reel.near ?? "left";
    const far = near === "left" ? "right" : "left";
    const option = (side, colour) => ({ value: side, text: side === "left" ? "Left" : "Right", name: `Only the ${side} leg`, colour });
    return choice("Of which leg", [
      { value: "both", text: "Both" }, option(near, COLOURS.near), option(far, COLOURS.far),
    ], this.leg, (leg) => { this.leg = leg; this.showChosen(); });
  }

  buildTransport() {
    const { parts } = this;
    parts.play = iconButton("play", "Play", () => this.togglePlay(), { class: "icon-button play" });
    parts.loop = iconButton("loop", "Repeat this stride", () => this.toggleLoop(), { "aria-pressed": "false" });
    parts.frame = el("input", { type: "number", class: "frame", "aria-label": "Frame", onchange: (e) => this.goNumber(Number(e.target.value)) });
    parts.of = el("span", { class: "quiet" });
    parts.time = el("span", { class: "time" });
    parts.rates = choice("Speed", RATE_OPTIONS, this.rate, (rate) => this.setRate(rate));
    return el("div", { class: "transport" }, [
      el("div", { class: "steps" }, [
        iconButton("back", "One frame back", () => this.step(-1)), parts.play, iconButton("on", "One frame on", () => this.step(1)),
      ]),
      parts.rates, parts.loop,
      el("label", { class: "counter" }, [el("span", { class: "quiet", text: "Frame" }), parts.frame, parts.of]),
      parts.time,
    ]);
  }

  buildTimeline() {
    const canvas = el("canvas", { "aria-hidden": "true" });
    const node = el("div", { class: "timeline", role: "slider", tabindex: "0", "aria-label": "Frame", "aria-orientation": "horizontal" }, [canvas]);
    this.parts.slider = node;
    this.timeline = new Timeline(this, node);
    const near = this.reel.near ?? "left";
    const far = near === "left" ? "right" : "left";
    const key = (side, colour) => el("span", {}, [el("span", { class: "dot", style: `background:${colour}` }), document.createTextNode(`${cap(side)} foot on the ground`)]);
    this.span ??= this.editable || this.root.clientWidth < NARROW_PX ? "near" : "all";
    const spans = choice("How much of the clip", [
      { value: "all", text: "All" }, { value: "near", text: "3 strides" },
    ], this.span, (span) => { this.span = span; this.timeline.curve.span = [0, 0]; this.draw(); });
    return el("div", { class: "under" }, [node, el("div", { class: "legend" }, [key(near, COLOURS.near), key(far, COLOURS.far), spans])]);
  }

  buildPair() {
    const slider = el("input", {
      type: "range", min: "0", max: "100", value: String(100 * this.opacity), "aria-label": "How strongly the second run shows",
      oninput: (e) => { this.opacity = e.target.value / 100; this.draw(); },
    });
    const ghost = el("label", { class: "opacity" }, [el("span", { class: "quiet", text: "First" }), slider, el("span", { class: "quiet", text: "Second" })]);
    return el("div", { class: "pair" }, [
      choice("How to compare", [
        { value: "side", text: "Side by side" }, { value: "stacked", text: "Stacked" }, { value: "ghost", text: "Overlaid" },
      ], this.layout, (layout) => { this.layout = layout; this.build(); this.redraw(); }),
      ghost,
      el("div", { class: "shift" }, [
        iconButton("back", "Another stride of the second run, one earlier", () => this.reshift(-1)),
        el("span", { text: "Other stride" }),
        iconButton("on", "Another stride of the second run, one later", () => this.reshift(1)),
      ]),
    ]);
  }

  buildEditing() {
    const { parts } = this;
    parts.tools = toolButtons((tool) => this.setTool(tool));
    parts.undo = iconButton("undo", "Undo", () => this.undo());
    parts.redo = iconButton("redo", "Do it again", () => this.redo());
    parts.hint = el("p", { class: "hint" });
    parts.event = el("div", { class: "event" });
    parts.notes = el("ul", { class: "notes" });
    return el("div", { class: "editing" }, [
      el("div", { class: "tool-row" }, [parts.tools, el("div", { class: "history" }, [parts.undo, parts.redo]), parts.event]),
      parts.hint, parts.notes,
    ]);
  }

  style(name) {
    if (!this.colours.has(name)) this.colours.set(name, getComputedStyle(this.root).getPropertyValue(name).trim());
    return this.colours.get(name);
  }
}
