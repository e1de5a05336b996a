// Two runs locked by gait phase: piecewise linear between the events that both have.
// Events are numbered by stride, from the time between them, so that a missed one shifts nothing.

const ORDER = ["touchdown", "toe_off"];

// Number of each touchdown in strides since the first: 0, 1, 3 where the third is missing.
export function strideNumbers(times, strideS) {
  const numbers = [];
  times.forEach((s, i) => {
    numbers.push(i === 0 ? 0 : numbers[i - 1] + Math.max(1, Math.round((s - times[i - 1]) / strideS)));
  });
  return numbers;
}

// Which side counts the strides: the near one, else the left, else whichever has touchdowns.
export function anchorSide(events, near) {
  const lands = (side) => events.some((e) => e.side === side && e.kind === "touchdown");
  return [near, "left", "right"].find((side) => side && lands(side)) ?? null;
}

// Every event with its key: stride number, own or other leg, kind. Map of key -> time, in order of time.
export function knots(events, { near, strideS }) {
  const anchor = anchorSide(events, near);
  if (anchor === null) return new Map();
  const starts = events.filter((e) => e.side === anchor && e.kind === "touchdown").map((e) => e.s);
  const numbers = strideNumbers(starts, strideS);
  const found = [];
  for (const leg of ["own", "other"]) {
    for (const kind of ORDER) {
      const own = events.filter((e) => (e.side === anchor) === (leg === "own") && e.kind === kind);
      const passed = own.map((e) => strides(e.s, starts, numbers, strideS));
      const usual = usualPhase(passed);
      own.forEach((e, i) => {
        const number = leg === "own" && kind === "touchdown" ? passed[i] : passed[i] - usual;
        found.push({ key: `${Math.round(number)}:${leg}:${kind}`, s: e.s });
      });
    }
  }
  found.sort((a, b) => a.s - b.s);
  return new Map(found.map(({ key, s }) => [key, s]));
}

// Strides passed at a time, counted from the anchor touchdown before it.
function strides(s, starts, numbers, strideS) {
  let i = 0;
  while (i + 1 < starts.length && starts[i + 1] <= s + 1e-9) i += 1;
  return numbers[i] + (s - starts[i]) / strideS;
}

// Part of the stride at which something usually happens, 0 to 1 around the clock.
function usualPhase(passed) {
  const turn = 2 * Math.PI;
  const east = passed.reduce((sum, p) => sum + Math.cos(turn * p), 0);
  const north = passed.reduce((sum, p) => sum + Math.sin(turn * p), 0);
  return (Math.atan2(north, east) / turn + 1) % 1;
}

// How times of one clip map to times of another. `shift` pairs stride n of the first with n + shift.
export function lock(first, second, shift = 0) {
  const a = knots(first.events, first);
  const b = knots(second.events, second);
  const pairs = [];
  for (const [key, s] of a) {
    const [number, ...rest] = key.split(":");
    const other = b.get([Number(number) + shift, ...rest].join(":"));
    const last = pairs.at(-1);
    if (other !== undefined && (!last || other > last[1])) pairs.push([s, other]);
  }
  if (!pairs.length) pairs.push([first.startS ?? 0, second.startS ?? 0]);
  const slope = second.strideS / first.strideS;
  return {
    pairs,
    there: (s) => through(pairs, s, slope),
    back: (s) => through(pairs.map(([x, y]) => [y, x]), s, 1 / slope),
  };
}

function through(pairs, s, slope) {
  const [x0, y0] = pairs[0];
  const [x1, y1] = pairs.at(-1);
  if (s <= x0) return y0 + (s - x0) * slope;
  if (s >= x1) return y1 + (s - x1) * slope;
  const i = pairs.findIndex(([x]) => x > s);
  const [[xa, ya], [xb, yb]] = [pairs[i - 1], pairs[i]];
  return ya + ((s - xa) / (xb - xa)) * (yb - ya);
}

// Part of the stride at a time, 0 at the anchor's touchdown; null outside of what was seen.
export function phaseAt(events, near, strideS, s) {
  const anchor = anchorSide(events, near);
  const starts = events.filter((e) => e.side === anchor && e.kind === "touchdown").map((e) => e.s);
  const i = starts.findLastIndex((start) => start <= s);
  if (i < 0) return null;
  const length = starts[i + 1] - starts[i] < 1.5 * strideS ? starts[i + 1] - starts[i] : strideS;
  const part = (s - starts[i]) / length;
  return part < 1 ? part : null;
}
