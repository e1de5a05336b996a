// A number over time, and below it when each foot is on the ground. The cursor is the frame.

const LANE_PX = 16;
const GAP_PX = 5;
const TOP_PX = 12;
const AXIS_PX = 18;
const GRIP_PX = 11;

export class Curve {
  constructor(canvas, style) {
    Object.assign(this, { canvas, style, ctx: canvas.getContext("2d"), still: document.createElement("canvas") });
    this.width = this.height = 0;
    this.span = [0, 1];
  }

  resize(width, height, dpr) {
    if (width === this.width && height === this.height && dpr === this.dpr) return;
    Object.assign(this, { width, height, dpr });
    for (const each of [this.canvas, this.still]) {
      each.width = Math.round(width * dpr);
      each.height = Math.round(height * dpr);
    }
    this.stale = true;
  }

  xOf(s) {
    return ((s - this.span[0]) / (this.span[1] - this.span[0])) * this.width;
  }

  sOf(x) {
    return this.span[0] + (x / this.width) * (this.span[1] - this.span[0]);
  }

  laneY(lane) {
    return this.height - AXIS_PX - (2 - lane) * (LANE_PX + GAP_PX);
  }

  // What is shown; only the cursor moves between calls.
  show(scene) {
    this.scene = scene;
    this.stale = true;
  }

  setSpan(span) {
    if (span[0] === this.span[0] && span[1] === this.span[1]) return;
    this.span = span;
    this.stale = true;
  }

  draw(s) {
    if (!this.width || !this.scene) return;
    if (this.stale) this.drawStill();
    this.stale = false;
    const { ctx, dpr } = this;
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(0, 0, this.canvas.width, this.canvas.height);
    ctx.drawImage(this.still, 0, 0);
    ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
    this.cursor(ctx, s);
  }

  cursor(ctx, s) {
    const x = this.xOf(s);
    ctx.strokeStyle = this.style("--accent");
    ctx.lineWidth = 2;
    ctx.beginPath();
    ctx.moveTo(x, 2);
    ctx.lineTo(x, this.height - AXIS_PX + 3);
    ctx.stroke();
    const y = this.valueY(this.scene.values[this.scene.frames.nearest(s)]);
    if (!Number.isFinite(y)) return;
    ctx.fillStyle = this.style("--surface");
    ctx.beginPath();
    ctx.arc(x, y, 5, 0, 2 * Math.PI);
    ctx.fill();
    ctx.stroke();
  }

  valueY(value) {
    const [low, high] = this.scene.range;
    const bottom = this.laneY(0) - 8;
    return bottom - ((value - low) / (high - low || 1)) * (bottom - TOP_PX);
  }

  drawStill() {
    const ctx = this.still.getContext("2d");
    ctx.setTransform(this.dpr, 0, 0, this.dpr, 0, 0);
    ctx.clearRect(0, 0, this.width, this.height);
    this.loop(ctx);
    this.grid(ctx);
    if (this.scene.other) this.trace(ctx, this.scene.other.values, this.scene.other.at, this.style("--quiet"), 1.5, [5, 4]);
    this.trace(ctx, this.scene.values, (p) => this.scene.frames.s[p], this.style("--line"), 2);
    this.lanes(ctx);
    this.ticks(ctx);
    this.pins(ctx);
  }

  loop(ctx) {
    const { loop, frames } = this.scene;
    if (!loop) return;
    ctx.fillStyle = this.style("--accent-soft");
    const x = this.xOf(frames.s[loop[0]]);
    ctx.fillRect(x, 0, this.xOf(frames.s[loop[1]]) - x, this.height - AXIS_PX);
  }

  grid(ctx) {
    const [low, high] = this.scene.range;
    ctx.font = "12px system-ui, sans-serif";
    ctx.textBaseline = "middle";
    for (const value of niceTicks(low, high, 4)) {
      const y = this.valueY(value);
      ctx.strokeStyle = this.style(value === 0 ? "--rule-strong" : "--rule");
      ctx.lineWidth = 1;
      ctx.beginPath();
      ctx.moveTo(0, y);
      ctx.lineTo(this.width, y);
      ctx.stroke();
      this.plate(ctx, `${value}`.replace("-", "−"), 4, y);
    }
  }

  plate(ctx, text, x, y) {
    const width = ctx.measureText(text).width;
    ctx.fillStyle = this.style("--surface");
    ctx.fillRect(x - 2, y - 7, width + 4, 14);
    ctx.fillStyle = this.style("--quiet");
    ctx.fillText(text, x, y + 0.5);
  }

  trace(ctx, values, timeOf, colour, width, dash = []) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.lineJoin = "round";
    ctx.setLineDash(dash);
    ctx.beginPath();
    let drawing = false;
    for (let p = 0; p < values.length; p += 1) {
      const x = this.xOf(timeOf(p));
      const y = this.valueY(values[p]);
      if (!Number.isFinite(y) || x < -20 || x > this.width + 20) {
        drawing = false;
      } else if (drawing) {
        ctx.lineTo(x, y);
      } else {
        ctx.moveTo(x, y);
        drawing = true;
      }
    }
    ctx.stroke();
    ctx.setLineDash([]);
  }

  lanes(ctx) {
    const { contacts, sides, editable } = this.scene;
    sides.forEach(({ side, colour }, lane) => {
      const y = this.laneY(lane);
      ctx.fillStyle = this.style("--rule");
      ctx.fillRect(0, y + LANE_PX / 2 - 0.5, this.width, 1);
      for (const { start, end } of contacts.filter((c) => c.side === side)) {
        const from = this.xOf(start.s);
        const to = end ? this.xOf(end.s) : from + 4;
        ctx.fillStyle = colour;
        ctx.beginPath();
        ctx.roundRect(from, y, Math.max(3, to - from), LANE_PX, 4);
        ctx.fill();
      }
    });
    if (editable) this.scene.events.forEach((event) => this.grip(ctx, event));
  }

  grip(ctx, event) {
    const lane = this.scene.sides.findIndex(({ side }) => side === event.side);
    const [x, y] = [this.xOf(event.s), this.laneY(lane)];
    if (event.source === "moved") {
      ctx.fillStyle = this.style("--quiet");
      ctx.fillRect(this.xOf(event.was) - 0.5, y - 4, 1.5, LANE_PX + 8);
    }
    ctx.fillStyle = event.source === "detected" ? this.style("--surface") : this.style("--accent");
    ctx.strokeStyle = event.id === this.scene.chosen ? this.style("--accent") : this.style("--ink");
    ctx.lineWidth = event.id === this.scene.chosen ? 2.5 : 1.25;
    ctx.beginPath();
    ctx.roundRect(x - 3, y - 3, 6, LANE_PX + 6, 3);
    ctx.fill();
    ctx.stroke();
  }

  ticks(ctx) {
    ctx.font = "12px system-ui, sans-serif";
    ctx.fillStyle = this.style("--quiet");
    ctx.textBaseline = "alphabetic";
    const ticks = niceTicks(this.span[0], this.span[1], Math.max(3, this.width / 110));
    for (const s of ticks) {
      const x = this.xOf(s);
      const text = `${s} s`;
      const width = ctx.measureText(text).width;
      if (x > 2 && x + width < this.width) ctx.fillText(text, x, this.height - 3);
    }
  }

  pins(ctx) {
    for (const s of this.scene.pins) {
      const x = this.xOf(s);
      ctx.fillStyle = this.style("--accent");
      ctx.beginPath();
      ctx.moveTo(x - 5, 0);
      ctx.lineTo(x + 5, 0);
      ctx.lineTo(x, 8);
      ctx.fill();
    }
  }

  // The event whose grip lies under a point.
  eventAt(x, y) {
    const hits = this.scene.events.filter((event) => {
      const lane = this.scene.sides.findIndex(({ side }) => side === event.side);
      const top = this.laneY(lane);
      return Math.abs(this.xOf(event.s) - x) <= GRIP_PX && y >= top - 6 && y <= top + LANE_PX + 6;
    });
    return hits.sort((a, b) => Math.abs(this.xOf(a.s) - x) - Math.abs(this.xOf(b.s) - x))[0] ?? null;
  }
}

// Round numbers between two values, about as many as wanted.
export function niceTicks(low, high, wanted) {
  const rough = (high - low) / Math.max(1, wanted);
  if (!(rough > 0)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough);
  const ticks = [];
  for (let k = Math.ceil(low / step); k * step <= high + 1e-9; k += 1) ticks.push(Number((k * step).toFixed(6)));
  return ticks;
}

// Lowest and highest of what is known, with a little room; 0 is included where it is near.
export function rangeOf(...lists) {
  let low = Infinity;
  let high = -Infinity;
  for (const values of lists) {
    const seen = Array.from(values).filter(Number.isFinite).sort((a, b) => a - b);
    if (!seen.length) continue;
    low = Math.min(low, seen[Math.floor(0.002 * (seen.length - 1))]);
    high = Math.max(high, seen[Math.ceil(0.998 * (seen.length - 1))]);
  }
  if (!(high >= low)) return [0, 1];
  const room = 0.08 * (high - low || 1);
  return [low - room, high + room];
}
