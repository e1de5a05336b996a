import assert from "node:assert/strict";
import { test } from "node:test";
import * as edit from "../../../gait/ui/player/assets/edits.js";
import { contacts, effective, nextStop, onGround, stops, strideAround } from "../../../gait/ui/player/assets/events.js";
import { Frames } from "../../../gait/ui/player/assets/frames.js";
import { niceTicks, rangeOf } from "../../../gait/ui/player/assets/curve.js";
import { angleDeg, markAt, thinned } from "../../../gait/ui/player/assets/marks.js";
import { advance, stepFor } from "../../../gait/ui/player/assets/playback.js";
import { fit, held, toPicture, toScreen, zoomAt, zoomed } from "../../../gait/ui/player/assets/view.js";

const FIRST = 100;
const table = (count, fps = 100) => new Frames(Float64Array.from({ length: 3 * count }, (_, i) => [FIRST + Math.floor(i / 3), i / 90, Math.floor(i / 3) / fps][i % 3]).buffer);
const frames = table(400);
const detected = [
  { id: "right-1-touchdown", side: "right", kind: "touchdown", s: 0.502 },
  { id: "right-1-toe_off", side: "right", kind: "toe_off", s: 0.75 },
  { id: "left-1-touchdown", side: "left", kind: "touchdown", s: 0.86 },
  { id: "left-1-toe_off", side: "left", kind: "toe_off", s: 1.1 },
  { id: "right-2-touchdown", side: "right", kind: "touchdown", s: 1.2 },
];

test("a touchdown is shown by the first picture that can show it", () => {
  assert.equal(frames.showing(0.502), 50); // a fifth of a frame after: still shown
  assert.equal(frames.showing(0.506), 51);
  assert.equal(frames.showing(99), 399);
});

test("a moved event is at its frame, knows where it was, and a deleted one is gone", () => {
  let edits = edit.move(edit.NONE, "right-1-touchdown", FIRST + 47);
  edits = edit.remove(edits, "left-1-toe_off");
  const found = effective(detected, edits, frames);
  const moved = found.find(({ id }) => id === "right-1-touchdown");
  assert.deepEqual([moved.s, moved.position, moved.was, moved.source], [0.47, 47, 0.502, "moved"]);
  assert.ok(!found.some(({ id }) => id === "left-1-toe_off"));
  assert.deepEqual(edit.restore(edits, "right-1-touchdown").events, { "left-1-toe_off": null });
});

test("an added event can be moved and taken away again, and two never share a name", () => {
  let edits = edit.add(edit.NONE, "left", "touchdown", FIRST + 5);
  edits = edit.add(edits, "left", "toe_off", FIRST + 9);
  assert.deepEqual(edits.added.map(({ id }) => id), ["added-1", "added-2"]);
  edits = edit.add(edit.remove(edits, "added-1"), "right", "touchdown", FIRST + 7);
  assert.equal(new Set(edits.added.map(({ id }) => id)).size, 2);
  assert.equal(edit.move(edits, "added-2", FIRST + 11).added[0].frame, FIRST + 11);
});

test("undo brings back what was there, and its message still counts as the newest", () => {
  const history = new edit.History();
  history.change({ edits: edit.move(history.now.edits, "a", 3) });
  history.change({ marks: [{ kind: "line" }] });
  assert.equal(history.now.edits.rev, 2);
  assert.ok(history.undo());
  assert.deepEqual([history.now.marks, history.now.edits.rev], [[], 3]);
  history.undo();
  assert.deepEqual([history.now.edits.events, history.now.edits.rev], [{}, 4]);
  history.redo();
  assert.deepEqual(history.now.edits.events, { a: 3 });
  assert.equal(new edit.History().undo(), false);
});

test("one can go to the next and the last touchdown, midstance and toe-off of either leg", () => {
  const places = stops(contacts(effective(detected, edit.NONE, frames)), frames);
  assert.equal(nextStop(places, 0, 1, { kind: "touchdown" }).position, 50);
  assert.equal(nextStop(places, 50, 1, { kind: "touchdown", side: "right" }).position, 120);
  assert.equal(nextStop(places, 399, -1, { kind: "midstance", side: "left" }).position, 98);
  assert.equal(nextStop(places, 120, 1, { kind: "touchdown" }), undefined);
});

test("a stride is from one touchdown to the frame before the next, and not across a missed one", () => {
  const events = effective(detected, edit.NONE, frames);
  assert.deepEqual(strideAround(events, "right", 80, 0.7), [50, 119]);
  assert.equal(strideAround(events, "right", 80, 0.4), null);
  assert.deepEqual(onGround(contacts(events), 0.6), ["right"]);
  assert.deepEqual(onGround(contacts(events), 0.8), []);
});

test("at an eighth of real time every picture is shown and waited for", () => {
  const [fast, all] = [table(400, 240), () => true];
  let now = { position: 0, s: 0 };
  const shown = new Set([0]);
  for (let i = 0; i < 600; i += 1) {
    now = advance({ ...now, dtS: 1 / 60, rate: 0.125, frames: fast, last: 399, has: all });
    shown.add(now.position);
  }
  assert.equal(shown.size, now.position + 1);
  assert.ok(Math.abs(now.position - 300) <= 1, String(now.position));
  const stuck = advance({ position: 5, s: 5.9 / 240, dtS: 0.1, rate: 0.125, frames: fast, last: 399, has: () => false });
  assert.equal(stuck.position, 5);
  assert.ok(stuck.s <= fast.s[6]);
});

test("at real speed pictures are dropped rather than time stretched", () => {
  const fast = table(400, 240);
  assert.equal(stepFor(1, fast.frameS), 4);
  let now = { position: 0, s: 0 };
  for (let i = 0; i < 60; i += 1) now = advance({ ...now, dtS: 1 / 60, rate: 1, frames: fast, last: 399, has: (p) => p % 8 === 0 });
  assert.ok(Math.abs(now.s - 1) < 1e-6);
  assert.equal(now.position, 240);
});

test("zooming keeps the point under the finger, and the way to the picture and back is exact", () => {
  const stage = { width: 500, height: 400 };
  const base = fit([100, 50, 300, 850], stage);
  const state = zoomAt({ zoom: 1, dx: 0, dy: 0 }, 3, 210, 190);
  const [before, after] = [toPicture(base, [210, 190]), toPicture(zoomed(base, state), [210, 190])];
  before.forEach((v, i) => assert.ok(Math.abs(v - after[i]) < 1e-9));
  const view = zoomed(base, state);
  toPicture(view, toScreen(view, [123, 456])).forEach((v, i) => assert.ok(Math.abs(v - [123, 456][i]) < 1e-9));
  const lost = held({ zoom: 3, dx: 1e5, dy: -1e5 }, base, [100, 50, 300, 850], stage);
  const [x] = toScreen(zoomed(base, lost), [100, 50]);
  assert.ok(x < stage.width);
});

test("an angle is read at its corner, a drawing is found under the finger", () => {
  assert.ok(Math.abs(angleDeg([[10, 0], [0, 0], [0, 10]]) - 90) < 1e-9);
  assert.ok(Math.abs(angleDeg([[-1, 0.001], [0, 0], [1, 0]]) - 180) < 0.1);
  const line = { kind: "line", points: [[0, 0], [100, 0]] };
  assert.equal(markAt([line], { k: 1, x: 0, y: 0 }, [50, 6]), line);
  assert.equal(markAt([line], { k: 1, x: 0, y: 0 }, [50, 20]), undefined);
  assert.deepEqual(thinned([[0, 0], [0.1, 0], [5, 0], [5.1, 0]], 1), [[0, 0], [5, 0], [5.1, 0]]);
});

test("the axis has round numbers and leaves room, whatever is missing", () => {
  assert.deepEqual(niceTicks(-7, 23, 3), [0, 10, 20]);
  const [low, high] = rangeOf([NaN, 2, 4]);
  assert.ok(low < 2 && high > 4);
  assert.deepEqual(rangeOf([NaN]), [0, 1]);
});
