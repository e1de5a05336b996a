// The player: which frame, how it is shown, and what the buttons and keys do.

import { choice, el, icon, iconButton, keyHelp, layerChips, swapIcon, textButton, toolButtons } from "./controls.js";
import * as edit from "./edits.js";
import { nextStop, onGround, strideAround } from "./events.js";
import { Hands } from "./hands.js";
import { jointName, taps } from "./marks.js";
import { COLOURS, landmarkAt, layersFor } from "./overlay.js";
import { lock, phaseAt } from "./phase.js";
import { advance, stepFor } from "./playback.js";
import { Reel } from "./reel.js";
import { GONE } from "./segments.js";
import { Stage } from "./stage.js";
import { Timeline } from "./timeline.js";
import { zoomAt } from "./view.js";

const STILL_AFTER_MS = 250;
const NARROW_PX = 640;
const WHOLE = { zoom: 1, dx: 0, dy: 0 };
const RATE_OPTIONS = [
  { value: 0.125, text: "⅛", name: "An eighth of real speed" },
  { value: 0.25, text: "¼", name: "A quarter of real speed" },
  { value: 0.5, text: "½", name: "Half of real speed" },
  { value: 1, text: "1×", name: "Real speed" },
];
const STOP_NAMES = { touchdown: "Touchdown", midstance: "Midstance", toe_off: "Toe-off" };
const TYPED = new Set(["INPUT", "SELECT", "TEXTAREA"]);

export class Player {
  constructor(parent) {
    this.born = performance.now();
    this.parent = parent;
    this.send = () => {};
    this.root = el("div", { class: "gait-player", role: "group", "aria-label": "Frame player" });
    this.root.player = this;
    parent.append(this.root);
    Object.assign(this, {
      position: 0, target: 0, clock: 0, playing: false, rate: 0.125, loop: null, zoom: WHOLE, leg: "both",
      span: null, tool: "look", chosen: null, chosenMark: null, draft: null, tapped: [], opacity: 0.5, shift: 0,
      reels: [], stages: [], ready: false, shown: false, colours: new Map(),
    });
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.resized = new ResizeObserver(() => this.resize());
    this.resized.observe(this.root);
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.repaint = () => { this.colours.clear(); this.redraw(); };
    this.dark.addEventListener("change", this.repaint);
  }

  get reel() { return this.reels[0]; }
  get other() { return this.reels[1]; }

  // Data from Python. The same clips again: only names, events and newer edits are taken over.
  update(data) {
    this.data = data;
    const same = data.clips.length === this.reels.length && data.clips.every((c, i) => c.url === this.reels[i].facts.url);
    if (!same || data.editable !== this.editable) this.rebuild(data, same);
    else this.takeOver(data);
    this.colours.clear();
    this.redraw();
  }

  takeOver(data) {
    data.clips.forEach((facts, i) => {
      this.reels[i].take(facts);
      this.reels[i].takeEdits(facts.edits, facts.marks);
    });
    if (this.ready) this.recount();
  }

  async rebuild(data, same) {
    this.editable = data.editable;
    if (!same) {
      this.reels.forEach((reel) => reel.close());
      this.reels = data.clips.map((facts) => new Reel(facts, data.segment));
      this.ready = this.shown = false;
      this.signal = data.signal ?? data.clips[0].signals[0]?.id ?? null;
      this.layers = new Set(layersFor(this.reel.near).map(({ id }) => id).filter((id) => id !== "lean" || !this.reel.near));
      this.layout = data.layout;
    }
    this.build();
    if (same) { this.takeOver(data); return; }
    const building = this.reels;
    try {
      const rest = building.map((reel) => reel.load());
      await Promise.all(building.map((reel) => until(() => reel.frames, rest)));
      if (building !== this.reels) return;
      this.ready = true;
      this.relock();
      this.go(this.reel.firstPosition(data.frame));
      await Promise.all(rest);
      if (building !== this.reels) return;
      this.recount();
      for (const reel of this.reels) { reel.segments.whole = true; reel.segments.pump(); }
    } catch {
      if (building === this.reels) this.say("The pictures of this clip are not there any more. Load the page again.");
    }
  }

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

  // Where to go.

  async go(position, direction = 0) {
    if (!this.ready) return;
    const { reel, other } = this;
    const way = Math.sign(direction || position - this.target) || 1;
    this.target = reel.frames.clamp(Math.round(position));
    const target = this.target;
    const wanted = [[reel, target], ...(other ? [[other, this.otherAt(target)]] : [])];
    for (const [each, p] of wanted) each.segments.at = Math.floor(p / each.segments.per);
    if (wanted.every(([each, p]) => each.pictures.has(p))) this.show(target, way);
    else await this.fetchAndShow(wanted, target, way);
  }

  async fetchAndShow(wanted, target, way) {
    const slow = setTimeout(() => this.root.classList.add("waiting"), 150);
    try {
      await Promise.all(wanted.map(([each, p]) => each.pictures.want(p)));
      if (target === this.target) this.show(target, way);
    } catch (error) {
      if (error?.message === GONE) this.say("The pictures of this clip are not there any more. Load the page again.");
    } finally {
      clearTimeout(slow);
    }
  }

  show(position, way = 1) {
    this.shown = true;
    this.position = position;
    this.root.classList.remove("waiting");
    if (!this.playing) this.clock = this.reel.frames.s[position];
    if (this.chosenMark && this.chosenMark.frame !== this.reel.frames.number[position]) this.chosenMark = null;
    this.draw();
    const step = this.playing ? stepFor(this.rate, this.reel.frames.frameS) : 1;
    this.reel.pictures.ahead(position, way * step);
    if (this.other) this.other.pictures.ahead(this.otherAt(position), way * step);
    this.askForStill();
  }

  goNumber(number) {
    const { frames } = this.reel;
    this.pause();
    this.go(frames.clamp(Math.round(number) - frames.number[0]));
  }

  step(by) {
    this.pause();
    this.go(this.target + by, by);
  }

  jump(kind, direction) {
    if (!this.ready) return;
    this.pause();
    const stop = nextStop(this.reel.stops, this.target, direction, { kind, side: this.leg === "both" ? null : this.leg });
    if (!stop) return;
    const event = this.reel.events.find((e) => e.kind === kind && e.side === stop.side && e.position === stop.position);
    if (this.editable) this.choose(event?.id ?? null);
    this.go(stop.position);
  }

  otherAt(position) {
    return this.other.frames.nearest(this.lock.there(this.reel.frames.s[position]));
  }

  relock() {
    if (!this.other || !this.ready) return;
    const [a, b] = this.reels.map((reel) => ({
      events: reel.events, near: reel.near, strideS: reel.facts.stride_s, startS: reel.frames.s[0],
    }));
    this.lock = lock(a, b, this.shift);
  }

  reshift(by) {
    this.shift += by;
    this.relock();
    this.recount();
    this.go(this.target);
  }

  // Playing.

  togglePlay() {
    if (this.playing) this.pause();
    else this.play();
  }

  play() {
    if (!this.ready || this.playing) return;
    const last = this.loop ? this.loop[1] : this.reel.frames.count - 1;
    if (this.target >= last) this.go(this.loop ? this.loop[0] : 0);
    this.playing = true;
    this.clock = this.reel.frames.s[this.target];
    this.showPlaying();
    let before = null;
    const tick = (now) => {
      if (!this.playing) return;
      if (before !== null) this.advance((now - before) / 1000);
      before = now;
      this.ticking = requestAnimationFrame(tick);
    };
    this.ticking = requestAnimationFrame(tick);
  }

  pause() {
    if (!this.playing) return;
    this.playing = false;
    cancelAnimationFrame(this.ticking);
    this.target = this.position;
    this.showPlaying();
    this.askForStill();
  }

  advance(dtS) {
    const { frames } = this.reel;
    const last = this.loop ? this.loop[1] : frames.count - 1;
    if (this.position >= last || this.clock >= frames.s[last]) {
      if (!this.loop) { this.pause(); return; }
      this.clock = frames.s[this.loop[0]];
      this.go(this.loop[0], 1);
      return;
    }
    const has = (p) => this.reel.pictures.has(p) && (!this.other || this.other.pictures.has(this.otherAt(p)));
    const next = advance({ position: this.position, s: this.clock, dtS, rate: this.rate, frames, last, has });
    const lag = next.s - frames.s[next.position];
    this.clock = lag > 0.5 * this.rate ? this.clock : next.s; // nothing came for half a second: wait
    this.target = next.position;
    if (next.position !== this.position) this.show(next.position, 1);
    else this.fill();
  }

  // Ask again for what comes next: it may not have been there when it was asked for last.
  fill() {
    const step = stepFor(this.rate, this.reel.frames.frameS);
    const from = this.reel.frames.at(this.clock);
    for (const [reel, p] of [[this.reel, from], ...(this.other ? [[this.other, this.otherAt(from)]] : [])]) {
      reel.segments.at = Math.floor(p / reel.segments.per);
      if (reel.segments.now(Math.min(p + step, reel.facts.count - 1)) === undefined) reel.segments.get(Math.min(p + step, reel.facts.count - 1)).catch(() => {});
      reel.pictures.ahead(p, step);
    }
  }

  showPlaying() {
    swapIcon(this.parts.play, this.playing ? "pause" : "play");
    const label = this.playing ? "Stop" : "Play";
    this.parts.play.setAttribute("aria-label", label);
    this.parts.play.title = label;
  }

  setRate(rate) {
    this.rate = rate;
    this.parts.rates.choose(rate);
  }

  toggleLoop() {
    if (!this.ready) return;
    this.loop = this.loop ? null : strideAround(this.reel.events, this.reel.near, this.target, this.reel.facts.stride_s);
    this.parts.loop.setAttribute("aria-pressed", String(Boolean(this.loop)));
    this.timeline.refresh();
    this.draw();
  }

  // What is shown.

  toggle(layer) {
    if (!this.layers.delete(layer)) this.layers.add(layer);
    this.draw();
    return this.layers.has(layer);
  }

  setSignal(id) {
    this.signal = id;
    this.timeline.refresh();
    this.draw();
  }

  setZoom(zoom) {
    this.zoom = zoom;
    for (const { node } of this.stages) node.classList.toggle("zoomed", zoom.zoom > 1);
    this.draw();
    this.askForStill();
  }

  zoomBy(factor) {
    const { width, height } = this.stages[0];
    this.setZoom(zoomAt(this.zoom, factor, width / 2, height / 2));
  }

  resize() {
    if (!this.stages.length) return;
    this.root.classList.toggle("narrow", this.root.clientWidth < NARROW_PX);
    this.stages.forEach((stage) => stage.measure());
    this.timeline.resize();
    this.draw();
  }

  redraw() {
    if (!this.ready) return;
    this.timeline.refresh();
    this.resize();
  }

  // After events, edits or drawings changed.
  recount() {
    this.relock();
    this.timeline.refresh();
    this.listNotes();
    this.showChosen();
    this.draw();
  }

  // How the clips lie over or beside each other: the first as it is, the second at the same scale and ground.
  maps(position) {
    const own = { reel: this.reel, position, map: { k: 1, x: 0, y: 0 } };
    if (!this.other) return [own];
    const p = this.otherAt(position);
    const k = this.reel.facts.leg_px / this.other.facts.leg_px;
    const centre = ({ facts: { box } }) => (box[0] + box[2]) / 2;
    const across = this.layout === "ghost" ? (reel, at) => reel.hip(at) : centre;
    const x = across(this.reel, position) - k * across(this.other, p);
    const y = (this.reel.ground ?? 0) - k * (this.other.ground ?? 0);
    return [own, { reel: this.other, position: p, map: { k, x, y } }];
  }

  draw() {
    if (!this.shown || !this.stages[0]?.width) return;
    const layers = this.maps(this.position);
    const box = layers.map(({ reel, map }) => mapped(reel.facts.box, map)).reduce(union);
    this.stages.forEach((stage, i) => {
      stage.clear(this.style("--stage"));
      const own = this.stages.length === 1 ? layers : [layers[i]];
      own.forEach((layer, n) => this.drawLayer(stage, layer, box, n));
    });
    this.timeline.draw(this.position);
    this.readOut();
    this.root.dataset.frame = this.reel.frames.number[this.position];
    this.root.dispatchEvent(new CustomEvent("gait-drawn", { bubbles: true, composed: true, detail: { position: this.position, at: performance.now(), since: performance.now() - this.born } }));
  }

  drawLayer(stage, { reel, position, map }, box, n) {
    const view = stage.viewOf(map, this.zoom, box);
    const ghost = this.stages.length === 1 && this.other;
    const alpha = ghost && n === 1 ? this.opacity : 1;
    const drawn = stage.picture(reel, position, view, alpha, !this.playing);
    if (n === 0) {
      stage.viewShown = view;
      stage.message.hidden = drawn || !reel.pictures.has(position);
      if (!stage.message.hidden) stage.message.textContent = "This picture is missing in the file.";
    }
    stage.lines(reel, position, view, { layers: this.layers, joints: this.tool === "joint" && n === 0, alpha, labels: !ghost || n === 0 });
    if (reel !== this.reel) return;
    stage.marks([...reel.marksAt(position), ...(this.draft ? [this.draft] : [])], view, this.chosenMark);
  }

  readOut() {
    const { reel, parts, position } = this;
    const s = reel.frames.s[position];
    this.readValue(position);
    parts.moment.textContent = this.moment(s);
    const number = reel.frames.number[position];
    if (parts.frame !== this.parent.activeElement) parts.frame.value = number;
    parts.of.textContent = `of ${reel.frames.number[reel.frames.count - 1]}`;
    parts.time.textContent = `${s.toFixed(3)} s`;
    const { slider } = parts;
    slider.setAttribute("aria-valuemin", reel.frames.number[0]);
    slider.setAttribute("aria-valuemax", reel.frames.number[reel.frames.count - 1]);
    slider.setAttribute("aria-valuenow", number);
    slider.setAttribute("aria-valuetext", `frame ${number}, ${s.toFixed(3)} seconds, ${parts.moment.textContent}`);
  }

  readValue(position) {
    const { reel, other, parts } = this;
    const signal = reel.signal(this.signal);
    if (!signal) return;
    const degrees = signal.unit === "°";
    const text = (value) => `${numberText(value)}${degrees ? "°" : ""}`;
    parts.number.textContent = text(reel.values(this.signal)[position]);
    parts.unit.textContent = degrees ? "" : signal.unit;
    if (!other) return;
    const second = other.values(this.signal)[this.otherAt(position)];
    parts.second.textContent = second === undefined ? "" : `${other.facts.title} ${text(second)}`;
  }

  moment(s) {
    const down = onGround(this.reel.contacts, s);
    const what = down.length === 0 ? "In the air" : down.length === 2 ? "Both feet on the ground" : `${cap(down[0])} foot on the ground`;
    const phase = phaseAt(this.reel.events, this.reel.near, this.reel.facts.stride_s, s);
    return phase === null ? what : `${what}, ${Math.round(100 * phase)} % of the stride`;
  }

  say(text) {
    for (const { message } of this.stages) Object.assign(message, { textContent: text, hidden: false });
  }

  // The one picture that is looked at closely, as large as it was filmed.
  askForStill() {
    clearTimeout(this.stillTimer);
    if (this.playing || !this.ready) return;
    this.stillTimer = setTimeout(() => this.fetchStill(), STILL_AFTER_MS);
  }

  async fetchStill() {
    const { reel, position } = this;
    const { still } = reel;
    const stage = this.stages[0];
    if (!stage?.viewShown || this.zoom.zoom === 1 || still.asked === position || !stage.wantsFiner(reel, stage.viewShown)) return;
    still.asked = position;
    const response = await fetch(`${reel.facts.url}${position}.jpg`).catch(() => null);
    if (!response?.ok) return;
    const bitmap = await createImageBitmap(await response.blob());
    still.bitmap?.close();
    Object.assign(still, { position, bitmap });
    if (this.position === position && this.ready) this.draw();
  }

  // Editing and drawing.

  change(next) {
    this.reel.history.change(next);
    this.changed();
  }

  changed() {
    this.reel.recount();
    this.recount();
    const { edits, marks } = this.reel.history.now;
    this.send("edits", edits);
    this.send("marks", marks);
  }

  undo() {
    if (this.editable && this.reel.history.undo()) this.changed();
  }

  redo() {
    if (this.editable && this.reel.history.redo()) this.changed();
  }

  setTool(tool) {
    this.tool = tool;
    this.tapped = [];
    this.draft = null;
    this.parts.tools.choose(tool);
    for (const { node } of this.stages) node.dataset.tool = tool;
    this.showHint();
    this.draw();
  }

  showHint() {
    const button = this.parts.tools.querySelector('[aria-pressed="true"]');
    this.parts.hint.textContent = this.tool === "look" ? "" : button.title.split(": ").slice(1).join(": ");
  }

  choose(id) {
    this.chosen = id;
    this.timeline.refresh();
    this.showChosen();
  }

  chooseMark(mark) {
    this.chosenMark = this.editable ? mark : null;
    this.showChosen();
    this.draw();
  }

  // What can be done with the event or drawing that is chosen; else, what can be added here.
  showChosen() {
    if (!this.editable) return;
    const { parts, reel } = this;
    this.keepingFocus(parts.event, () => this.fillChosen());
    parts.undo.disabled = !reel.history.past.length;
    parts.redo.disabled = !reel.history.future.length;
  }

  // Buttons that are made anew keep the keyboard where it was; if theirs is gone, the picture takes it.
  keepingFocus(node, fill) {
    const focused = this.parent.activeElement;
    const inside = node.contains(focused);
    fill();
    if (!inside) return;
    const again = [...node.querySelectorAll("button")].find((button) => button.textContent === focused.textContent);
    (again ?? this.stages[0].node).focus({ preventScroll: true });
  }

  fillChosen() {
    const { parts, reel } = this;
    const { edits } = reel.history.now;
    const event = reel.events.find(({ id }) => id === this.chosen);
    if (this.chosenMark) {
      parts.event.replaceChildren(el("span", { class: "quiet", text: "Drawing" }), textButton("Delete", () => this.deleteMark(this.chosenMark)));
    } else if (event) {
      parts.event.replaceChildren(
        el("span", { class: "quiet", text: `${STOP_NAMES[event.kind]}, ${event.side}` }),
        textButton("Earlier", () => this.nudge(-1)), textButton("Later", () => this.nudge(1)),
        textButton("Delete", () => this.removeEvent()),
        ...(event.source === "moved" ? [textButton("As detected", () => this.change({ edits: edit.restore(edits, event.id) }))] : []),
        textButton("Done", () => this.choose(null)),
      );
    } else {
      const deleted = Object.values(edits.events).filter((frame) => frame === null).length;
      parts.event.replaceChildren(
        el("span", { class: "quiet", text: `${cap(this.sideToAdd())}:` }),
        textButton("Touchdown here", () => this.addEvent("touchdown")), textButton("Toe-off here", () => this.addEvent("toe_off")),
        ...(deleted ? [textButton(`Bring back ${deleted} deleted`, () => this.bringBack())] : []),
      );
    }
  }

  // The leg that is chosen for jumping; the near one if both are.
  sideToAdd() {
    return this.leg === "both" ? this.reel.near ?? "left" : this.leg;
  }

  addEvent(kind) {
    if (!this.ready) return;
    const edits = edit.add(this.reel.history.now.edits, this.sideToAdd(), kind, this.reel.frames.number[this.position]);
    this.chosen = edits.added.at(-1).id;
    this.change({ edits });
  }

  removeEvent() {
    const { edits } = this.reel.history.now;
    const id = this.chosen;
    this.chosen = null;
    if (id) this.change({ edits: edit.remove(edits, id) });
  }

  bringBack() {
    let { edits } = this.reel.history.now;
    for (const [id, frame] of Object.entries(edits.events)) if (frame === null) edits = edit.restore(edits, id);
    this.change({ edits });
  }

  nudge(by) {
    const { reel } = this;
    const event = reel.events.find(({ id }) => id === this.chosen);
    if (!event) return;
    const position = reel.frames.clamp(event.position + by);
    this.change({ edits: edit.move(reel.history.now.edits, event.id, reel.frames.number[position]) });
    this.go(position);
  }

  previewJoint(landmark, point) {
    this.moving = { landmark, point };
    const { history, frames } = this.reel;
    this.before ??= history.now;
    history.now = { ...this.before, edits: edit.place(this.before.edits, frames.number[this.position], landmark, point.map(tenth)) };
    this.draw();
  }

  commitJoint() {
    if (!this.before) return;
    const { edits } = this.reel.history.now;
    this.reel.history.now = this.before;
    this.before = null;
    this.change({ edits });
  }

  previewMark(mark) {
    this.draft = mark;
    this.draw();
  }

  hover(point) {
    if (this.tool !== "angle" || !this.tapped.length) return;
    this.previewMark({ kind: "angle", points: [...this.tapped, point], text: "" });
  }

  tap(point, place, stage) {
    if (this.tool === "angle") {
      this.tapped.push(point);
      if (this.tapped.length < taps("angle")) return;
      const points = this.tapped;
      this.tapped = [];
      this.commitMark({ kind: "angle", points, text: "" });
      return;
    }
    const landmark = this.tool === "note" ? landmarkAt(this.reel.points(this.position), stage.viewShown, place) : -1;
    const pinned = landmark >= 0 ? this.reel.points(this.position)[landmark] : point;
    this.askText(place, stage, (text) => this.commitMark({ kind: this.tool, points: [pinned], text, joint: landmark >= 0 ? landmark : null }));
  }

  askText(place, stage, done) {
    stage.node.querySelector(".typed")?.remove();
    const input = el("input", { type: "text", class: "typed", "aria-label": this.tool === "note" ? "Note" : "Text", maxlength: "2000", placeholder: this.tool === "note" ? "Note" : "Text" });
    input.style.left = `${Math.min(place[0], Math.max(0, stage.width - 230))}px`;
    input.style.top = `${Math.min(place[1], stage.height - 44)}px`;
    const finish = (keep) => {
      if (!input.isConnected) return;
      const text = input.value.trim();
      input.remove();
      if (keep && text) done(text);
      stage.node.focus({ preventScroll: true });
    };
    input.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Enter") finish(true);
      if (event.key === "Escape") finish(false);
    });
    input.addEventListener("blur", () => finish(true));
    stage.node.append(input);
    input.focus();
  }

  commitMark({ kind, points, text, joint = null }) {
    this.draft = null;
    const mark = { kind, frame: this.reel.frames.number[this.position], points: points.map((p) => p.map(tenth)), text, joint };
    this.change({ marks: [...this.reel.history.now.marks, mark] });
  }

  deleteMark(mark) {
    this.chosenMark = null;
    this.change({ marks: this.reel.history.now.marks.filter((one) => one !== mark) });
  }

  listNotes() {
    const { notes } = this.parts;
    if (!notes) return;
    const { marks } = this.reel.history.now;
    this.keepingFocus(notes, () => notes.replaceChildren(...[...marks].sort((a, b) => a.frame - b.frame).map((mark) =>
      el("li", {}, [
        el("button", { type: "button", class: "note", onclick: () => { this.goNumber(mark.frame); this.chooseMark(mark); } }, [
          icon(mark.kind), el("span", { class: "quiet", text: `Frame ${mark.frame}` }), el("span", { text: markText(mark) }),
        ]),
        iconButton("bin", `Delete: ${markText(mark)}`, () => this.deleteMark(mark)),
      ]))));
  }

  // Keys.

  key(event) {
    if (!this.ready || event.altKey || TYPED.has(event.target.tagName)) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
      if (event.shiftKey) this.redo();
      else this.undo();
      event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey) return;
    const onButton = event.target.tagName === "BUTTON" || event.target.tagName === "SUMMARY";
    if (onButton && (event.key === " " || event.key === "Enter")) return;
    const action = this.actions(event)[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  actions({ shiftKey }) {
    const by = shiftKey ? 10 : 1;
    const way = shiftKey ? -1 : 1;
    const always = {
      ArrowLeft: () => this.step(-by), ArrowRight: () => this.step(by), ArrowDown: () => this.step(-by), ArrowUp: () => this.step(by),
      PageUp: () => this.step(10), PageDown: () => this.step(-10),
      Home: () => this.step(-this.reel.frames.count), End: () => this.step(this.reel.frames.count),
      " ": () => this.togglePlay(), t: () => this.jump("touchdown", way), m: () => this.jump("midstance", way), o: () => this.jump("toe_off", way),
      l: () => this.toggleLoop(), 1: () => this.setRate(0.125), 2: () => this.setRate(0.25), 3: () => this.setRate(0.5), 4: () => this.setRate(1),
      "+": () => this.zoomBy(1.5), "=": () => this.zoomBy(1.5), "-": () => this.zoomBy(1 / 1.5), 0: () => this.setZoom(WHOLE),
    };
    if (!this.editable) return always;
    const remove = () => (this.chosenMark ? this.deleteMark(this.chosenMark) : this.removeEvent());
    return {
      ...always, ",": () => this.nudge(-1), ".": () => this.nudge(1), Delete: remove, Backspace: remove,
      Escape: () => { this.setTool("look"); this.chooseMark(null); this.choose(null); },
    };
  }

  destroy() {
    this.pause();
    this.ready = false;
    clearTimeout(this.stillTimer);
    this.resized.disconnect();
    this.dark.removeEventListener("change", this.repaint);
    this.reels.forEach((reel) => reel.close());
    this.root.remove();
  }
}

// Wait until something is there, or until one of the promises fails.
async function until(there, promises) {
  let failed = null;
  promises.forEach((promise) => promise.catch((error) => { failed = error; }));
  while (!there()) {
    if (failed) throw failed;
    await new Promise((done) => { setTimeout(done, 4); });
  }
}

const cap = (word) => word[0].toUpperCase() + word.slice(1);
const tenth = (value) => Math.round(10 * value) / 10;
const mapped = ([l, t, r, b], { k, x, y }) => [k * l + x, k * t + y, k * r + x, k * b + y];
const union = (a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
const KIND_TEXT = { line: "Line", angle: "Angle", arrow: "Arrow", free: "Drawing" };

function numberText(value) {
  return Number.isFinite(value) ? `${value < -0.5 ? "−" : ""}${Math.abs(value).toFixed(0)}` : "–";
}

function markText({ kind, text, joint }) {
  const where = jointName(joint);
  if (kind === "note" || kind === "text") return where ? `${cap(where)}: ${text}` : text;
  return KIND_TEXT[kind];
}

