// The curve under the picture: click or drag to go there, drag an event to move it.

import { Curve, rangeOf } from "./curve.js";
import * as edit from "./edits.js";
import { effective, contacts } from "./events.js";
import { COLOURS } from "./overlay.js";

const STRIDES_NEAR = 3;
const TURN_AT = 0.9;
const TURN_TO = 0.15;

export class Timeline {
  constructor(player, node) {
    this.player = player;
    this.node = node;
    this.curve = new Curve(node.querySelector("canvas"), (name) => player.style(name));
    this.drag = null;
    node.addEventListener("pointerdown", (e) => this.down(e));
    node.addEventListener("pointermove", (e) => this.move(e));
    node.addEventListener("pointerup", (e) => this.up(e));
    node.addEventListener("pointercancel", () => this.cancel());
  }

  resize() {
    const { width, height } = this.node.getBoundingClientRect();
    this.curve.resize(width, height, window.devicePixelRatio || 1);
  }

  // Take over what is shown: numbers, contacts, drawings.
  refresh() {
    const { player } = this;
    const { reel } = player;
    const values = reel.values(player.signal);
    const other = player.other && this.otherTrace();
    this.curve.show({
      frames: reel.frames,
      values,
      other,
      range: rangeOf(values, other ? other.values : []),
      contacts: this.preview ? contacts(this.preview) : reel.contacts,
      events: this.preview ?? reel.events,
      sides: this.sides(),
      editable: player.editable,
      chosen: player.chosen,
      loop: player.loop,
      pins: reel.history.now.marks.map((mark) => reel.frames.s[Math.max(0, reel.frames.positionOf(mark.frame))]),
    });
  }

  sides() {
    const near = this.player.reel.near ?? "left";
    return [{ side: near, colour: COLOURS.near }, { side: near === "left" ? "right" : "left", colour: COLOURS.far }];
  }

  otherTrace() {
    const { other, lock, signal } = this.player;
    const values = other.values(signal);
    return values.length ? { values, at: (p) => lock.back(other.frames.s[p]) } : null;
  }

  draw(position) {
    const { frames } = this.player.reel;
    const s = frames.s[position];
    this.curve.setSpan(this.spanAround(s));
    this.curve.draw(s);
  }

  // The whole clip, or a few strides that turn over like a page.
  spanAround(s) {
    const { frames, facts } = this.player.reel;
    const [first, last] = [frames.s[0], frames.s[frames.count - 1]];
    const length = STRIDES_NEAR * facts.stride_s;
    if (this.player.span === "all" || last - first <= length) return [first, last];
    const [from, to] = this.curve.span;
    const inside = Math.abs(to - from - length) < 1e-6 && s >= from && s <= from + TURN_AT * length;
    if (inside || this.drag) return inside ? this.curve.span : [from, to];
    const start = s < from ? s - (1 - TURN_TO) * length : s - TURN_TO * length;
    const held = Math.max(first, Math.min(last - length, start));
    return [held, held + length];
  }

  place(event) {
    const box = this.node.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  down(event) {
    if (event.button > 0 || !this.player.ready) return;
    this.node.setPointerCapture(event.pointerId);
    this.node.focus({ preventScroll: true });
    const [x, y] = this.place(event);
    const hit = this.player.editable ? this.curve.eventAt(x, y) : null;
    this.player.pause();
    if (hit) {
      this.drag = { id: hit.id, frame: null };
      this.player.choose(hit.id);
      this.player.go(hit.position);
    } else {
      this.drag = { id: null };
      this.goTo(x);
    }
    event.preventDefault();
  }

  move(event) {
    const [x, y] = this.place(event);
    if (!this.drag) {
      const over = this.player.editable && this.player.ready && this.curve.scene && this.curve.eventAt(x, y);
      this.node.style.cursor = over ? "ew-resize" : "";
      return;
    }
    if (this.drag.id) this.dragEvent(x);
    else this.goTo(x);
  }

  goTo(x) {
    this.player.go(this.player.reel.frames.nearest(this.curve.sOf(x)));
  }

  dragEvent(x) {
    const { reel } = this.player;
    const position = reel.frames.nearest(this.curve.sOf(Math.max(0, Math.min(this.curve.width, x))));
    this.drag.frame = reel.frames.number[position];
    this.preview = effective(reel.facts.events, edit.move(reel.history.now.edits, this.drag.id, this.drag.frame), reel.frames);
    this.refresh();
    this.player.go(position);
  }

  up() {
    const { drag, player } = this;
    this.cancel();
    if (!drag?.id || drag.frame === null) return;
    player.change({ edits: edit.move(player.reel.history.now.edits, drag.id, drag.frame) });
  }

  cancel() {
    this.drag = null;
    if (!this.preview) return;
    this.preview = null;
    this.refresh();
    this.player.draw();
  }
}
