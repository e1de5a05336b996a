// What is drawn over a picture, from the landmarks: lines of constant width at any zoom.

const L = {
  nose: 0,
  left: { shoulder: 11, elbow: 13, wrist: 15, hip: 23, knee: 25, ankle: 27, heel: 29, toe: 31 },
  right: { shoulder: 12, elbow: 14, wrist: 16, hip: 24, knee: 26, ankle: 28, heel: 30, toe: 32 },
};
const BONES = [
  ["shoulder", "elbow"], ["elbow", "wrist"], ["shoulder", "hip"], ["hip", "knee"],
  ["knee", "ankle"], ["ankle", "heel"], ["heel", "toe"], ["ankle", "toe"],
];
const JOINTS = ["shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "toe"];

export const JOINT_NAMES = Object.fromEntries([
  [L.nose, "nose"],
  ...["left", "right"].flatMap((side) => JOINTS.map((joint) => [L[side][joint], `${side} ${joint}`])),
]);

// Told apart by colour-blind eyes too: yellow against sky blue (Okabe and Ito), and by width.
export const COLOURS = {
  near: "#ffc63a", far: "#63b8ee", plumb: "#fffaf2", overstride: "#ff7a52", shin: "#5fe0b4", lean: "#d6a6ff",
  hips: "#ffffff", midline: "#fffaf2", mark: "#ff9ecb", shade: "rgba(20, 15, 10, 0.72)",
};

export const LAYERS = [
  { id: "skeleton", label: "Skeleton", colour: COLOURS.near, views: "both" },
  { id: "plumb", label: "Straight down", colour: COLOURS.plumb, views: "side" },
  { id: "overstride", label: "Overstride", colour: COLOURS.overstride, views: "side" },
  { id: "shin", label: "Shin", colour: COLOURS.shin, views: "side" },
  { id: "lean", label: "Lean", colour: COLOURS.lean, views: "both" },
  { id: "hips", label: "Hip line", colour: COLOURS.hips, views: "frontal" },
  { id: "midline", label: "Midline", colour: COLOURS.midline, views: "frontal" },
];

export const layersFor = (near) =>
  LAYERS.filter(({ views }) => views === "both" || views === (near ? "side" : "frontal"));

const LABEL_PX = 24;

// Which landmark lies under a point of the screen, within reach; -1 if none.
export function landmarkAt(points, view, [sx, sy], reachPx = 26) {
  let best = -1;
  let nearest = reachPx;
  for (const key of Object.keys(JOINT_NAMES)) {
    const p = points[key];
    if (!p) continue;
    const away = Math.hypot(view.k * p[0] + view.x - sx, view.k * p[1] + view.y - sy);
    if (away < nearest) [best, nearest] = [Number(key), away];
  }
  return best;
}

// Angle of a limb against `down`, in degrees, + when its end is ahead of its start.
export function fromVerticalDeg(from, to, down, forward) {
  const [x, y] = [to[0] - from[0], to[1] - from[1]];
  const across = x * down[1] - y * down[0];
  const along = x * down[0] + y * down[1];
  return (Math.atan2(forward * across, along) * 180) / Math.PI;
}

// Draws everything that is switched on; `points` are 33 times [x, y] or null, in pixels of the picture.
export function drawOverlay(ctx, { points, view, layers, near, forward, rollDeg, legPx, joints, alpha = 1, taken = null }) {
  const pen = new Pen(ctx, view, alpha, taken);
  const roll = (rollDeg * Math.PI) / 180;
  const down = [-Math.sin(roll), Math.cos(roll)];
  const scene = { pen, points, near, down, forward, legPx };
  if (layers.has("skeleton")) skeleton(scene);
  if (near) {
    if (layers.has("plumb") || layers.has("overstride")) foot(scene, layers);
    if (layers.has("shin")) shin(scene);
  } else {
    if (layers.has("hips")) hips(scene);
    if (layers.has("midline")) midline(scene);
  }
  if (layers.has("lean")) lean(scene);
  if (joints) grips(scene);
  pen.writeLabels();
}

function skeleton({ pen, points, near }) {
  const top = near ?? "left";
  const below = top === "left" ? "right" : "left";
  for (const side of [below, top]) {
    const colour = side === top ? COLOURS.near : COLOURS.far;
    const width = side === top ? 3 : 2.25;
    for (const [a, b] of BONES) pen.line(points[L[side][a]], points[L[side][b]], colour, width);
    for (const joint of ["hip", "knee", "ankle"]) pen.dot(points[L[side][joint]], colour, width + 1);
  }
  pen.line(points[L.left.shoulder], points[L.right.shoulder], "rgba(255, 250, 242, 0.75)", 1.5);
  pen.line(points[L.left.hip], points[L.right.hip], "rgba(255, 250, 242, 0.75)", 1.5);
}

function foot({ pen, points, near, down, forward, legPx }, layers) {
  const [hip, ankle] = [points[L[near].hip], points[L[near].ankle]];
  if (!hip || !ankle) return;
  const length = (ankle[0] - hip[0]) * down[0] + (ankle[1] - hip[1]) * down[1];
  const below = along(hip, down, length);
  if (layers.has("plumb")) pen.line(hip, along(hip, down, length + 0.05 * legPx), COLOURS.plumb, 1.75, [6, 5]);
  if (!layers.has("overstride")) return;
  pen.line(below, ankle, COLOURS.overstride, 4);
  for (const end of [below, ankle]) {
    pen.line(along(end, down, -0.025 * legPx), along(end, down, 0.025 * legPx), COLOURS.overstride, 2);
  }
  const across = (ankle[0] - hip[0]) * down[1] - (ankle[1] - hip[1]) * down[0];
  const pct = (100 * forward * across) / legPx;
  pen.label(along(middle(below, ankle), down, 0.1 * legPx), `${signed(pct)} % of leg`, COLOURS.overstride);
}

function shin({ pen, points, near, down, forward, legPx }) {
  const [knee, ankle] = [points[L[near].knee], points[L[near].ankle]];
  if (!knee || !ankle) return;
  pen.angle(knee, ankle, down, COLOURS.shin);
  const deg = fromVerticalDeg(knee, ankle, down, forward);
  pen.label([knee[0] + forward * 0.2 * legPx, knee[1]], `shin ${signed(deg)}°`, COLOURS.shin);
}

function lean({ pen, points, near, down, forward, legPx }) {
  const hip = middle(points[L.left.hip], points[L.right.hip]);
  const shoulder = middle(points[L.left.shoulder], points[L.right.shoulder]);
  if (!hip || !shoulder) return;
  const up = [-down[0], -down[1]];
  pen.angle(hip, shoulder, up, COLOURS.lean);
  const deg = near ? -fromVerticalDeg(shoulder, hip, down, forward) : fromVerticalDeg(hip, shoulder, up, -1);
  const place = [shoulder[0] - forward * 0.26 * legPx, shoulder[1] + 0.06 * legPx];
  pen.label(place, `lean ${signed(deg)}°`, COLOURS.lean);
}

function hips({ pen, points, down, legPx }) {
  const [left, right] = [points[L.left.hip], points[L.right.hip]];
  if (!left || !right) return;
  const [a, b] = left[0] < right[0] ? [left, right] : [right, left];
  const level = [down[1], -down[0]];
  const centre = middle(a, b);
  const out = 0.32 * legPx;
  pen.line(along(centre, level, -out), along(centre, level, out), COLOURS.plumb, 1.5, [5, 5]);
  const way = unit(a, b);
  pen.line(along(centre, way, -out), along(centre, way, out), COLOURS.overstride, 3);
  const deg = (Math.atan2(way[0] * level[1] - way[1] * level[0], way[0] * level[0] + way[1] * level[1]) * 180) / Math.PI;
  pen.label(along(centre, level, out + 0.12 * legPx), `${Math.abs(deg).toFixed(0)}°`, COLOURS.overstride);
}

function midline({ pen, points, down, legPx }) {
  const hip = middle(points[L.left.hip], points[L.right.hip]);
  if (hip) pen.line(along(hip, down, -0.95 * legPx), along(hip, down, 1.1 * legPx), COLOURS.midline, 1.75, [7, 6]);
}

function grips({ pen, points }) {
  for (const key of Object.keys(JOINT_NAMES)) pen.dot(points[key], "#ffffff", 4.5, COLOURS.mark);
}

export const middle = (a, b) => (a && b ? [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2] : null);
const along = (p, way, by) => [p[0] + way[0] * by, p[1] + way[1] * by];
const unit = (a, b) => {
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
  return [(b[0] - a[0]) / length, (b[1] - a[1]) / length];
};
const signed = (value) => `${value < -0.5 ? "−" : ""}${Math.abs(value).toFixed(0)}`;

// Draws in pixels of the screen what is given in pixels of the picture.
export class Pen {
  // `taken` are the places of texts that others wrote before; null to write none.
  constructor(ctx, view, alpha = 1, taken = []) {
    Object.assign(this, { ctx, view, taken, labels: [] });
    ctx.globalAlpha = alpha;
    ctx.lineCap = "round";
    ctx.lineJoin = "round";
  }

  at([x, y]) {
    return [this.view.k * x + this.view.x, this.view.k * y + this.view.y];
  }

  stroke(trace, colour, width, dash = []) {
    const { ctx } = this;
    ctx.beginPath();
    trace(ctx);
    ctx.setLineDash(dash);
    if (!dash.length) {
      ctx.strokeStyle = COLOURS.shade;
      ctx.lineWidth = width + 1.75;
      ctx.stroke();
    }
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.stroke();
    ctx.setLineDash([]);
  }

  line(a, b, colour, width, dash) {
    if (a && b) this.path([a, b], colour, width, dash);
  }

  path(points, colour, width, dash) {
    const places = points.map((p) => this.at(p));
    this.stroke((ctx) => places.forEach(([x, y], i) => (i ? ctx.lineTo(x, y) : ctx.moveTo(x, y))), colour, width, dash);
  }

  dot(point, colour, radius, rim = COLOURS.shade) {
    if (!point) return;
    const { ctx } = this;
    const [x, y] = this.at(point);
    ctx.beginPath();
    ctx.arc(x, y, radius, 0, 2 * Math.PI);
    ctx.fillStyle = colour;
    ctx.fill();
    ctx.strokeStyle = rim;
    ctx.lineWidth = 1.25;
    ctx.stroke();
  }

  // A limb, the vertical through its corner, and the arc between.
  angle(corner, end, vertical, colour) {
    const length = Math.hypot(end[0] - corner[0], end[1] - corner[1]);
    this.line(corner, along(corner, vertical, length), colour, 1.5, [4, 5]);
    this.line(corner, end, colour, 3.5);
    this.arc(corner, along(corner, vertical, length), end, colour, 0.55 * length);
  }

  // The arc at a corner from one leg to the other, the short way.
  arc(corner, from, to, colour, radius) {
    const start = Math.atan2(from[1] - corner[1], from[0] - corner[0]);
    const stop = Math.atan2(to[1] - corner[1], to[0] - corner[0]);
    const turn = ((stop - start + 3 * Math.PI) % (2 * Math.PI)) - Math.PI;
    const [x, y] = this.at(corner);
    this.stroke((ctx) => ctx.arc(x, y, radius * this.view.k, start, start + turn, turn < 0), colour, 1.75);
  }

  label(point, text, colour) {
    if (point && this.taken) this.labels.push({ place: this.at(point), text, colour });
  }

  // Texts on dark plates, kept inside the stage.
  writeLabels() {
    const { ctx } = this;
    const scale = ctx.getTransform().a || 1;
    const [width, height] = [ctx.canvas.width / scale, ctx.canvas.height / scale];
    ctx.font = '600 13px system-ui, "Segoe UI", Roboto, sans-serif';
    ctx.textBaseline = "middle";
    for (const { place, text, colour } of this.labels) {
      const wide = ctx.measureText(text).width + 14;
      const x = Math.max(4, Math.min(width - wide - 4, place[0] - wide / 2));
      const y = this.free({ x, wide, y: Math.max(4, Math.min(height - 26, place[1] - 11)) }, height);
      ctx.fillStyle = "rgba(24, 18, 13, 0.82)";
      ctx.beginPath();
      ctx.roundRect(x, y, wide, 22, 6);
      ctx.fill();
      ctx.fillStyle = colour;
      ctx.fillText(text, x + 7, y + 11.5);
    }
    this.labels = [];
    ctx.globalAlpha = 1;
  }

  // The nearest height, first below, then above, at which a text covers no other.
  free({ x, wide, y }, height) {
    const covers = (at) => this.taken.some((t) => x < t.x + t.wide && t.x < x + wide && Math.abs(at - t.y) < LABEL_PX);
    let best = y;
    for (let by = 0; by < height && covers(best); by += 6) best = [y + by, y - by].find((at) => at >= 4 && at <= height - 26 && !covers(at)) ?? best;
    this.taken.push({ x, wide, y: best });
    return best;
  }
}
