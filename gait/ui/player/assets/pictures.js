// Decoded pictures: the last few dozen, and those that come next. The one that is shown is never let go.

const KEPT = 48;
const AHEAD = 10;
const DECODERS = 3;

export class Pictures {
  constructor(segments, count, decode = (blob) => createImageBitmap(blob)) {
    Object.assign(this, { segments, count, decode });
    this.ready = new Map(); // position -> bitmap, the one used last at the end; null for a missing picture
    this.queue = []; // positions, the most urgent first
    this.waiting = new Map(); // position -> resolve functions
    this.decoding = new Set();
    this.shown = -1;
  }

  has(position) {
    return this.ready.has(position);
  }

  // The picture if it is decoded; undefined if not yet, null if the file does not give it.
  now(position) {
    const bitmap = this.ready.get(position);
    if (bitmap !== undefined) {
      this.ready.delete(position);
      this.ready.set(position, bitmap);
    }
    return bitmap;
  }

  // Resolves when the picture is decoded.
  want(position) {
    if (this.ready.has(position)) return Promise.resolve(this.now(position));
    return new Promise((resolve, reject) => {
      const others = this.waiting.get(position) ?? [];
      this.waiting.set(position, [...others, { resolve, reject }]);
      this.queue = [position, ...this.queue.filter((p) => p !== position)];
      this.pump();
    });
  }

  // Decode what comes next in this direction; what was queued before and is not wanted any more is dropped.
  ahead(position, step) {
    const next = [];
    for (let k = 1; k <= AHEAD; k += 1) {
      const p = position + k * step;
      if (p >= 0 && p < this.count && !this.ready.has(p) && !this.decoding.has(p)) next.push(p);
    }
    this.queue = [...this.queue.filter((p) => this.waiting.has(p)), ...next];
    this.pump();
  }

  pump() {
    while (this.decoding.size < DECODERS && this.queue.length) {
      const position = this.queue.shift();
      if (this.ready.has(position) || this.decoding.has(position)) continue;
      if (!this.waiting.has(position) && this.segments.now(position) === undefined) continue;
      this.decoding.add(position);
      this.decodeOne(position);
    }
  }

  async decodeOne(position) {
    try {
      const blob = this.segments.now(position) ?? (await this.segments.get(position));
      this.keep(position, blob ? await this.decode(blob).catch(() => null) : null); // a broken picture is a missing one
    } catch (error) {
      this.settle(position, ({ reject }) => reject(error));
    } finally {
      this.decoding.delete(position);
      this.pump();
    }
  }

  keep(position, bitmap) {
    this.ready.set(position, bitmap);
    for (const old of this.ready.keys()) {
      if (this.ready.size <= KEPT) break;
      if (old === this.shown || this.waiting.has(old)) continue;
      this.ready.get(old)?.close?.();
      this.ready.delete(old);
    }
    this.settle(position, ({ resolve }) => resolve(bitmap));
  }

  settle(position, how) {
    const waiting = this.waiting.get(position) ?? [];
    this.waiting.delete(position);
    waiting.forEach(how);
  }

  close() {
    this.queue = [];
    this.ready.forEach((bitmap) => bitmap?.close?.());
    this.ready.clear();
  }
}
