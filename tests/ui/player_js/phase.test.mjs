import assert from "node:assert/strict";
import { test } from "node:test";
import { anchorSide, knots, lock, phaseAt, strideNumbers } from "../../../gait/ui/player/assets/phase.js";

// A run: own touchdown at 0, own toe-off at 0.36, the other leg half a stride later.
function run({ strideS, from = 0, strides = 8, near = "right", duty = 0.36 }) {
  const events = [];
  for (let n = 0; n < strides; n += 1) {
    const s = from + n * strideS;
    const other = near === "right" ? "left" : "right";
    events.push({ side: near, kind: "touchdown", s }, { side: near, kind: "toe_off", s: s + duty * strideS });
    events.push({ side: other, kind: "touchdown", s: s + 0.5 * strideS });
    events.push({ side: other, kind: "toe_off", s: s + (0.5 + duty) * strideS });
  }
  events.sort((a, b) => a.s - b.s);
  return { events, near, strideS, startS: from };
}

const without = (clip, drop) => ({ ...clip, events: clip.events.filter((e, i) => !drop(e, i)) });

test("strides are counted from the time between touchdowns, so that a missed one leaves its number free", () => {
  assert.deepEqual(strideNumbers([0, 0.7, 2.1, 2.82], 0.7), [0, 1, 3, 4]);
});

test("each event of one run is shown with the same event of the other", () => {
  const [a, b] = [run({ strideS: 0.7 }), run({ strideS: 0.64, from: 1.3, duty: 0.42 })];
  const { there } = lock(a, b);
  a.events.forEach((event, i) => assert.ok(Math.abs(there(event.s) - b.events[i].s) < 1e-9));
});

test("a missed contact, in either run and of either leg, shifts nothing", () => {
  const whole = run({ strideS: 0.7 });
  const other = run({ strideS: 0.66, from: 0.4 });
  const { there } = lock(whole, other);
  for (const side of ["left", "right"]) {
    for (const n of [1, 2, 5]) {
      const missed = (clip) => {
        const gone = clip.events.filter((e) => e.side === side && e.kind === "touchdown")[n];
        return without(clip, (e) => e === gone || (e.side === side && e.kind === "toe_off" && e.s > gone.s && e.s < gone.s + 0.5 * clip.strideS));
      };
      for (const [a, b] of [[missed(whole), other], [whole, missed(other)]]) {
        const again = lock(a, b).there;
        for (const s of [0.1, 1.0, 2.2, 3.4, 5.0]) assert.ok(Math.abs(again(s) - there(s)) < 0.02, `${side} ${n} ${s}`);
      }
    }
  }
});

test("going there and back ends where it began", () => {
  const { there, back } = lock(run({ strideS: 0.7 }), run({ strideS: 0.61, from: 2, duty: 0.31 }));
  for (let s = -0.5; s < 7; s += 0.013) assert.ok(Math.abs(back(there(s)) - s) < 1e-9);
});

test("time never runs backwards", () => {
  const { there } = lock(run({ strideS: 0.7 }), run({ strideS: 0.61, duty: 0.2 }));
  let before = -Infinity;
  for (let s = -1; s < 7; s += 0.01) {
    assert.ok(there(s) > before);
    before = there(s);
  }
});

test("a run filmed from the other side is locked near leg to near leg", () => {
  const [a, b] = [run({ strideS: 0.7 }), run({ strideS: 0.7, near: "left", from: 0.25 })];
  assert.ok(Math.abs(lock(a, b).there(1.4) - 1.65) < 1e-9);
});

test("another stride of the second run can be asked for", () => {
  const [a, b] = [run({ strideS: 0.7 }), run({ strideS: 0.6 })];
  assert.ok(Math.abs(lock(a, b, 2).there(0.7) - 3 * 0.6) < 1e-9);
});

test("what happens before the first touchdown of the near leg is numbered too", () => {
  const clip = without(run({ strideS: 0.7 }), (e, i) => i === 0);
  assert.ok(knots(clip.events, clip).has("-1:own:toe_off"));
});

test("without any event the runs go on from their first pictures, stride for stride", () => {
  const a = { events: [], near: "right", strideS: 0.7, startS: 1 };
  const b = { events: [], near: "right", strideS: 1.4, startS: 5 };
  assert.equal(lock(a, b).there(1.7), 5 + 1.4);
});

test("the part of the stride is 0 at the near foot's touchdown and unknown where none was seen", () => {
  const clip = run({ strideS: 0.5, from: 1 });
  assert.equal(anchorSide(clip.events, "right"), "right");
  assert.equal(phaseAt(clip.events, "right", 0.5, 1.5), 0);
  assert.ok(Math.abs(phaseAt(clip.events, "right", 0.5, 1.625) - 0.25) < 1e-9);
  assert.equal(phaseAt(clip.events, "right", 0.5, 0.9), null);
});
