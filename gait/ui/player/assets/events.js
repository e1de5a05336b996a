// Touchdowns and toe-offs as edited, the contacts they make, and where one can jump to.

export const STOPS = ["touchdown", "midstance", "toe_off"];

// Detected events with the edits laid over them, in order of time; `was` is where one was detected.
export function effective(detected, edits, frames) {
  const found = [];
  for (const event of detected) {
    const moved = Object.hasOwn(edits.events, event.id);
    const number = moved ? edits.events[event.id] : null;
    if (moved && number === null) continue;
    const position = moved ? frames.positionOf(number) : frames.showing(event.s);
    if (position < 0) continue;
    const s = moved ? frames.s[position] : event.s;
    found.push({ ...event, s, position, source: moved ? "moved" : "detected", was: event.s });
  }
  for (const event of edits.added) {
    const position = frames.positionOf(event.frame);
    if (position >= 0) found.push({ ...event, s: frames.s[position], position, source: "added", was: null });
  }
  return found.sort((a, b) => a.s - b.s);
}

// One foot on the ground: from a touchdown to the toe-off of that side that follows it, null if none does.
export function contacts(events) {
  const found = [];
  for (const side of ["left", "right"]) {
    const own = events.filter((event) => event.side === side);
    own.forEach((event, i) => {
      if (event.kind !== "touchdown") return;
      const next = own[i + 1];
      found.push({ side, start: event, end: next?.kind === "toe_off" ? next : null });
    });
  }
  return found.sort((a, b) => a.start.s - b.start.s);
}

// Every position that one can jump to.
export function stops(found, frames) {
  const places = [];
  for (const { side, start, end } of found) {
    places.push({ kind: "touchdown", side, position: start.position });
    if (!end) continue;
    places.push({ kind: "midstance", side, position: frames.nearest((start.s + end.s) / 2) });
    places.push({ kind: "toe_off", side, position: end.position });
  }
  return places.sort((a, b) => a.position - b.position);
}

// The next stop after (direction 1) or before (-1) a position; undefined at the end.
export function nextStop(places, position, direction, { kind = null, side = null } = {}) {
  const fitting = places.filter((p) => (!kind || p.kind === kind) && (!side || p.side === side));
  if (direction > 0) return fitting.find((p) => p.position > position);
  return fitting.findLast((p) => p.position < position);
}

// First and last position of the stride of a side that a position lies in; null if it lies in none.
export function strideAround(events, side, position, strideS) {
  const starts = events.filter((e) => e.kind === "touchdown" && (!side || e.side === side));
  for (let i = 0; i + 1 < starts.length; i += 1) {
    const whole = starts[i + 1].s - starts[i].s < 1.5 * strideS;
    if (whole && starts[i].position <= position && position < starts[i + 1].position) {
      return [starts[i].position, starts[i + 1].position - 1];
    }
  }
  return null;
}

// What a foot does at a time, for the eye and for a screen reader.
export function onGround(found, s) {
  return ["left", "right"].filter((side) =>
    found.some((c) => c.side === side && c.start.s <= s && c.end && s < c.end.s),
  );
}
