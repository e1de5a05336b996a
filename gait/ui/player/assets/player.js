// The player: which frame, when, and what the keys do.

import { el, swapIcon } from "./controls.js";
import { Editing } from "./editing.js";
import { nextStop, strideAround } from "./events.js";
import { layersFor } from "./overlay.js";
import { lock } from "./phase.js";
import { advance, stepFor } from "./playback.js";
import { Reel } from "./reel.js";
import { GONE } from "./segments.js";
import { WHOLE } from "./view.js";

const TYPED = new Set(["INPUT", "SELECT", "TEXTAREA"]);

export class Player extends Editing {
  constructor(parent) {
    super();
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
// Wait until something is there, or until one of the promises fails.
async function until(there, promises) {
  let failed = null;
  promises.forEach((promise) => promise.catch((error) => { failed = error; }));
  while (!there()) {
    if (failed) throw failed;
    await new Promise((done) => { setTimeout(done, 4); });
  }
}
