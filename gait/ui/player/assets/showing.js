// What the player shows of the frame it is at.

import { Building, NARROW_PX } from "./building.js";
import { onGround } from "./events.js";
import { phaseAt } from "./phase.js";
import { zoomAt } from "./view.js";
import { cap, numberText } from "./words.js";

const STILL_AFTER_MS = 250;

export class Showing extends Building {
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
}

const mapped = ([l, t, r, b], { k, x, y }) => [k * l + x, k * t + y, k * r + x, k * b + y];
const union = (a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
