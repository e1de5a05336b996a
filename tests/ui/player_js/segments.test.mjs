import assert from "node:assert/strict";
import { test } from "node:test";
import { order, Segments, unpack } from "../../../gait/ui/player/assets/segments.js";
import { Pictures } from "../../../gait/ui/player/assets/pictures.js";

function packed(pictures) {
  const bytes = pictures.map((text) => new TextEncoder().encode(text));
  const buffer = new ArrayBuffer(4 + 4 * bytes.length + bytes.reduce((sum, b) => sum + b.length, 0));
  const view = new DataView(buffer);
  view.setUint32(0, bytes.length, true);
  let place = 4 + 4 * bytes.length;
  bytes.forEach((b, i) => {
    view.setUint32(4 + 4 * i, b.length, true);
    new Uint8Array(buffer).set(b, place);
    place += b.length;
  });
  return buffer;
}

const answer = (status, buffer) => ({ status, ok: status === 200, arrayBuffer: async () => buffer });

test("a segment gives every picture its place, and none to a missing one", () => {
  const buffer = packed(["one", "", "three"]);
  const text = (span) => span && new TextDecoder().decode(buffer.slice(...span));
  assert.deepEqual(unpack(buffer).map(text), ["one", null, "three"]);
});

test("a segment that breaks off is not taken for a whole one", () => {
  const buffer = packed(["one", "two"]);
  for (const length of [0, 3, 8, buffer.byteLength - 1]) assert.throws(() => unpack(buffer.slice(0, length)), RangeError);
});

test("what one looks at is fetched first, then what comes next", () => {
  assert.deepEqual(order(3, 8), [3, 4, 5, 2, 6, 7, 0, 1]);
  assert.deepEqual(order(0, 1), [0]);
});

test("a segment that is not made yet is asked for again", async () => {
  let asked = 0;
  const fetcher = async () => {
    asked += 1;
    return asked < 4 ? answer(425) : answer(200, packed(["a", "b"]));
  };
  const segments = new Segments({ url: "/", count: 2, per: 2, fetcher, wait: async () => {} });
  assert.equal(await (await segments.get(1)).text(), "b");
  assert.equal(asked, 4);
});

test("pictures that are gone are said to be gone, not waited for", async () => {
  const segments = new Segments({ url: "/", count: 2, per: 2, fetcher: async () => answer(404), wait: async () => {} });
  await assert.rejects(segments.get(0), /gone/);
  await assert.rejects(segments.get(1), /gone/);
});

test("who waits for a picture far away comes before what is fetched only in case", async () => {
  const asked = [];
  const fetcher = (url, { signal }) => new Promise((resolve, reject) => {
    const number = Number(/(\d+)\.seg/.exec(url)[1]);
    asked.push(number);
    signal.addEventListener("abort", () => reject(new Error("aborted")));
    if (number === 0 || number === 9) resolve(answer(200, packed(["x"])));
  });
  const segments = new Segments({ url: "/", count: 10, per: 1, fetcher, wait: async () => {} });
  await segments.get(0);
  segments.whole = true;
  segments.pump();
  assert.deepEqual(asked, [0, 1, 2]);
  assert.equal(await (await segments.get(9)).text(), "x");
  segments.close();
});

function pictures(count) {
  const segments = { now: (p) => `jpeg ${p}`, get: async (p) => `jpeg ${p}` };
  const open = new Set();
  const decode = async (blob) => {
    const bitmap = { blob, close: () => open.delete(bitmap) };
    open.add(bitmap);
    return bitmap;
  };
  return { own: new Pictures(segments, count, decode), open };
}

test("the picture asked for is the picture given, however one jumps", async () => {
  const { own } = pictures(500);
  const wanted = Array.from({ length: 300 }, (_, i) => (i * 7919) % 500);
  const got = await Promise.all(wanted.map((p) => own.want(p)));
  got.forEach((bitmap, i) => assert.equal(bitmap.blob, `jpeg ${wanted[i]}`));
});

test("no more than 48 decoded pictures are held", async () => {
  const { own, open } = pictures(500);
  for (let p = 0; p < 200; p += 1) {
    await own.want(p);
    own.ahead(p, 1);
  }
  await new Promise((done) => { setTimeout(done, 5); });
  assert.ok(open.size <= 48, String(open.size));
});

test("the pictures that come next are there before they are asked for", async () => {
  const { own } = pictures(500);
  await own.want(100);
  own.ahead(100, 1);
  await new Promise((done) => { setTimeout(done, 5); });
  for (let p = 101; p <= 110; p += 1) assert.ok(own.has(p), String(p));
});
