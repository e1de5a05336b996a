// Which picture is due while playing.

export const RATES = [0.125, 0.25, 0.5, 1];
const DROPS_FROM = 0.5;
const SCREEN_HZ = 60;
const LONGEST_TICK_S = 0.1;

// Pictures from one shown to the next: what is between is never decoded.
export function stepFor(rate, frameS) {
  return Math.max(1, Math.round(rate / (SCREEN_HZ * frameS)));
}

// Position and clock after dtS seconds at the screen. From half speed on pictures that are not decoded in
// time are dropped; below, each is waited for.
export function advance({ position, s, dtS, rate, frames, last, has }) {
  const dt = Math.min(dtS, LONGEST_TICK_S);
  const target = Math.min(s + dt * rate, frames.s[last]);
  const due = frames.at(target + 1e-9);
  if (rate >= DROPS_FROM) {
    for (let p = due; p > position; p -= 1) if (has(p)) return { position: p, s: target };
    return { position, s: target };
  }
  const most = position + Math.max(1, Math.ceil((rate * 1.2) / (SCREEN_HZ * frames.frameS)));
  const next = Math.min(due, most);
  for (let p = next; p > position; p -= 1) if (has(p)) return { position: p, s: p < due ? frames.s[p] : target };
  return { position, s: due > position ? Math.min(target, frames.s[position + 1] ?? target) : target };
}
