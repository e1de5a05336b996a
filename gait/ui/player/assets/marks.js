// Drawings and notes on one frame.

import { COLOURS, Pen } from "./overlay.js";

export const TOOLS = [
  { id: "look", label: "Look", hint: "Drag to go through the frames, or to move the picture when it is zoomed" },
  { id: "joint", label: "Move a joint", hint: "Drag a joint to where it really is in this frame" },
  { id: "line", label: "Line", hint: "Drag a line" },
  { id: "angle", label: "Angle", hint: "Tap three points: end, corner, end" },
  { id: "arrow", label: "Arrow", hint: "Drag an arrow towards what you mean" },
  { id: "free", label: "Draw", hint: "Draw by hand" },
  { id: "text", label: "Text", hint: "Tap where the text goes" },
  { id: "note", label: "Note", hint: "Tap a joint, or anywhere, and write" },
];
const TAPS = { angle: 3, text: 1, note: 1 };
const REACH_PX = 10;
const FINER_PX = 2;

export const taps = (kind) => TAPS[kind] ?? 0;

// Angle at the middle one of three points, 0 to 180 degrees.
export function angleDeg([a, corner, b]) {
  const first = Math.atan2(a[1] - corner[1], a[0] - corner[0]);
  const second = Math.atan2(b[1] - corner[1], b[0] - corner[0]);
  const turn = Math.abs(((first - second) * 180) / Math.PI) % 360;
  return turn > 180 ? 360 - turn : turn;
}

// A stroke by hand without the points that add nothing.
export function thinned(points, k) {
  const kept = [points[0]];
  for (const p of points.slice(1, -1)) {
    const last = kept.at(-1);
    if (k * Math.hypot(p[0] - last[0], p[1] - last[1]) >= FINER_PX) kept.push(p);
  }
  return [...kept, points.at(-1)].slice(0, 2000);
}

export function drawMarks(ctx, view, marks, { chosen = null, taken = [] } = {}) {
  const pen = new Pen(ctx, view, 1, taken);
  for (const mark of marks) drawOne(pen, mark, mark === chosen ? "#ffffff" : COLOURS.mark);
  pen.writeLabels();
}

function drawOne(pen, { kind, points, text }, colour) {
  if (kind === "line" || kind === "free") pen.path(points, colour, 3);
  if (kind === "arrow") arrow(pen, points, colour);
  if (kind === "angle") {
    pen.path(points, colour, 3);
    if (points.length < 3) return;
    const [a, corner, b] = points;
    const reach = Math.min(distance(a, corner), distance(b, corner));
    pen.arc(corner, a, b, colour, 0.4 * reach);
    pen.label(corner, `${angleDeg(points).toFixed(0)}°`, colour);
  }
  if (kind === "note") pen.dot(points[0], colour, 6, "#ffffff");
  if (kind === "text") pen.label(points[0], text, colour);
  if (kind === "note") pen.label(lifted(pen, points[0]), short(text), colour);
}

function arrow(pen, [from, to], colour) {
  pen.path([from, to], colour, 3);
  const back = Math.atan2(from[1] - to[1], from[0] - to[0]);
  const size = 13 / pen.view.k;
  const barb = (turn) => [to[0] + size * Math.cos(back + turn), to[1] + size * Math.sin(back + turn)];
  pen.path([barb(0.45), to, barb(-0.45)], colour, 3);
}

const lifted = (pen, [x, y]) => [x, y - 22 / pen.view.k];
const short = (text) => (text.length > 28 ? `${text.slice(0, 27)}…` : text);
const distance = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);

// The mark under a point of the screen, the one drawn last first.
export function markAt(marks, view, [sx, sy]) {
  const screen = ([x, y]) => [view.k * x + view.x, view.k * y + view.y];
  return marks.findLast(({ points }) => {
    const places = points.map(screen);
    const ends = places.length === 1 ? [places[0], places[0]] : places;
    return ends.slice(1).some((end, i) => toSegment([sx, sy], ends[i], end) <= REACH_PX);
  });
}

function toSegment([x, y], [ax, ay], [bx, by]) {
  const length = (bx - ax) ** 2 + (by - ay) ** 2;
  const part = length ? Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length)) : 0;
  return Math.hypot(x - ax - part * (bx - ax), y - ay - part * (by - ay));
}
