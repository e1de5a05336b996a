// One clip in the player: its pictures, what was seen in them, and what was corrected.

import { History, NONE } from "./edits.js";
import { contacts, effective, stops } from "./events.js";
import { Frames } from "./frames.js";
import { Pictures } from "./pictures.js";
import { Segments } from "./segments.js";

const LANDMARKS = 33;
const PER_LANDMARK = 3;

export class Reel {
  constructor(facts, per) {
    this.segments = new Segments({ url: facts.url, count: facts.count, per });
    this.pictures = new Pictures(this.segments, facts.count);
    this.still = { position: -1, bitmap: null, asked: -1 };
    this.history = new History({ ...NONE, ...facts.edits }, facts.marks ?? []);
    this.take(facts);
  }

  // New facts about the same clip: names, detected events.
  take(facts) {
    this.facts = facts;
    this.forward = facts.facing === "right" || facts.facing === "away" ? 1 : -1;
    this.near = facts.near;
    if (this.frames) this.recount();
  }

  // Edits that were made elsewhere, if they are newer.
  takeEdits(edits, marks) {
    if (!edits || edits.rev <= this.history.now.edits.rev) return;
    this.history = new History({ ...NONE, ...edits }, marks);
    this.recount();
  }

  async load() {
    const get = (name) => fetch(`${this.facts.url}${name}`).then((r) => (r.ok ? r.arrayBuffer() : Promise.reject(r)));
    const [frames, landmarks, signals] = ["frames.f64", "landmarks.f32", "signals.f32"].map(get);
    this.frames = new Frames(await frames);
    this.recount();
    landmarks.then((buffer) => {
      this.landmarks = new Float32Array(buffer);
      this.ground = this.groundPx();
    });
    signals.then((buffer) => {
      this.signals = new Float32Array(buffer);
    });
    return Promise.all([landmarks, signals]);
  }

  recount() {
    this.events = effective(this.facts.events, this.history.now.edits, this.frames);
    this.contacts = contacts(this.events);
    this.stops = stops(this.contacts, this.frames);
  }

  // 33 times [x, y] or null, in pixels of the whole picture.
  points(position) {
    const found = new Array(LANDMARKS).fill(null);
    if (!this.landmarks) return found;
    const moved = this.history.now.edits.points;
    const number = this.frames.number[position];
    const start = position * LANDMARKS * PER_LANDMARK;
    for (let i = 0; i < LANDMARKS; i += 1) {
      const own = moved[`${number}:${i}`];
      const [x, y] = [this.landmarks[start + PER_LANDMARK * i], this.landmarks[start + PER_LANDMARK * i + 1]];
      if (own) found[i] = own;
      else if (Number.isFinite(x) && Number.isFinite(y)) found[i] = [x, y];
    }
    return found;
  }

  // Values of a signal by its id; empty until they are here.
  values(id) {
    const index = this.facts.signals.findIndex((signal) => signal.id === id);
    if (index < 0 || !this.signals) return new Float32Array(0);
    return this.signals.subarray(index * this.facts.count, (index + 1) * this.facts.count);
  }

  signal(id) {
    return this.facts.signals.find((signal) => signal.id === id) ?? null;
  }

  marksAt(position) {
    const number = this.frames.number[position];
    return this.history.now.marks.filter((mark) => mark.frame === number);
  }

  // Height of the ground in the picture: where the lowest point of a foot usually is at midstance.
  groundPx() {
    const lows = this.stops
      .filter(({ kind }) => kind === "midstance")
      .map(({ position }) => Math.max(...[29, 30, 31, 32].map((i) => this.points(position)[i]?.[1] ?? -Infinity)))
      .filter(Number.isFinite)
      .sort((a, b) => a - b);
    return lows.length ? lows[lows.length >> 1] : this.facts.box[3];
  }

  hip(position) {
    const points = this.points(position);
    return points[23] && points[24] ? (points[23][0] + points[24][0]) / 2 : (this.facts.box[0] + this.facts.box[2]) / 2;
  }

  firstPosition(number) {
    const asked = number === null ? -1 : this.frames.positionOf(number);
    if (asked >= 0) return asked;
    const landing = this.stops.find(({ kind, side }) => kind === "touchdown" && (!this.near || side === this.near));
    return landing?.position ?? 0;
  }

  close() {
    this.segments.close();
    this.pictures.close();
    this.still.bitmap?.close?.();
  }
}
