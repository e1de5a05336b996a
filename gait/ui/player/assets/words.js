// Words and numbers as they stand on the page.

import { JOINT_NAMES } from "./overlay.js";

export const STOP_NAMES = { touchdown: "Touchdown", midstance: "Midstance", toe_off: "Toe-off" };
const KIND_TEXT = { line: "Line", angle: "Angle", arrow: "Arrow", free: "Drawing" };

export const cap = (word) => word[0].toUpperCase() + word.slice(1);

export function numberText(value) {
  return Number.isFinite(value) ? `${value < -0.5 ? "−" : ""}${Math.abs(value).toFixed(0)}` : "–";
}

export function markText({ kind, text, joint }) {
  const where = JOINT_NAMES[joint] ?? "";
  if (kind === "note" || kind === "text") return where ? `${cap(where)}: ${text}` : text;
  return KIND_TEXT[kind];
}
