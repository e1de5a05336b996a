// Where pictures are drawn: one canvas, one or two clips over each other, lines on top.

import { drawMarks } from "./marks.js";
import { drawOverlay } from "./overlay.js";
import { fit, held, zoomed } from "./view.js";

const FINER = 1.25; // enlarged by more than this, a picture is wanted in full size

export class Stage {
  constructor(canvas) {
    this.canvas = canvas;
    this.ctx = canvas.getContext("2d", { alpha: false });
    this.width = this.height = 0;
    this.dpr = 1;
  }

  measure() {
    const { width, height } = this.canvas.getBoundingClientRect();
    const dpr = window.devicePixelRatio || 1;
    if (width === this.width && height === this.height && dpr === this.dpr) return;
    Object.assign(this, { width, height, dpr });
    this.canvas.width = Math.max(1, Math.round(width * dpr));
    this.canvas.height = Math.max(1, Math.round(height * dpr));
  }

  // From the pixels of a layer's clip to this stage, given the zoom and the box that fits at zoom 1.
  viewOf(map, zoom, box) {
    const base = fit(box, this);
    const view = zoomed(base, held(zoom, base, box, this));
    return { k: view.k * map.k, x: view.k * map.x + view.x, y: view.k * map.y + view.y };
  }

  clear(colour) {
    this.taken = [];
    this.ctx.setTransform(1, 0, 0, 1, 0, 0);
    this.ctx.globalAlpha = 1;
    this.ctx.fillStyle = colour;
    this.ctx.fillRect(0, 0, this.canvas.width, this.canvas.height);
    this.ctx.setTransform(this.dpr, 0, 0, this.dpr, 0, 0);
  }

  picture(reel, position, view, alpha, fine) {
    const { still } = reel;
    const bitmap = still.position === position ? still.bitmap : reel.pictures.now(position);
    if (!bitmap) return false;
    const [left, top, right, bottom] = reel.facts.box;
    this.ctx.globalAlpha = alpha;
    this.ctx.imageSmoothingQuality = fine ? "high" : "low";
    this.ctx.drawImage(
      bitmap, view.k * left + view.x, view.k * top + view.y, view.k * (right - left), view.k * (bottom - top),
    );
    this.ctx.globalAlpha = 1;
    return true;
  }

  lines(reel, position, view, { layers, joints, alpha, labels }) {
    drawOverlay(this.ctx, {
      points: reel.points(position), view, layers, joints, alpha, taken: labels ? this.taken : null, near: reel.near, forward: reel.forward,
      rollDeg: reel.facts.roll_deg, legPx: reel.facts.leg_px,
    });
  }

  marks(marks, view, chosen) {
    if (marks.length) drawMarks(this.ctx, view, marks, { chosen, taken: this.taken });
  }

  // True if the picture is shown larger than the proxy holds it.
  wantsFiner(reel, view) {
    const [left, , right] = reel.facts.box;
    const held = reel.facts.picture[0];
    return held < right - left && view.k * this.dpr * (right - left) > FINER * held;
  }
}
