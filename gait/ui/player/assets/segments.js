// Segments of JPEGs: fetched once, kept as blobs, decoded a little ahead of where one looks.

export const GONE = "gone";
const WAIT_MS = 70;
const FETCHES = 2;
const KEPT_SEGMENTS = 160;

// Where each picture lies in a segment: [start, end] in bytes; null for one that the file does not give.
export function unpack(buffer) {
  const view = new DataView(buffer);
  if (buffer.byteLength < 4) throw new RangeError("the segment breaks off");
  const count = view.getUint32(0, true);
  let place = 4 + 4 * count;
  if (place > buffer.byteLength) throw new RangeError("the segment breaks off");
  const spans = [];
  for (let i = 0; i < count; i += 1) {
    const size = view.getUint32(4 + 4 * i, true);
    spans.push(size ? [place, place + size] : null);
    place += size;
  }
  if (place !== buffer.byteLength) throw new RangeError("the segment breaks off");
  return spans;
}

// Which segment to fetch next: those one looks at and right after, then right before, then the rest.
export function order(at, count) {
  const near = [at, at + 1, at + 2, at - 1];
  const rest = Array.from({ length: count }, (_, i) => (at + 3 + i) % count);
  return [...new Set([...near, ...rest])].filter((i) => i >= 0 && i < count);
}

export class Segments {
  constructor({ url, count, per, fetcher = (...asked) => fetch(...asked), wait = sleep }) {
    Object.assign(this, { url, per, fetcher, wait });
    this.count = Math.ceil(count / per);
    this.at = 0;
    this.made = new Map(); // number -> blobs
    this.waiting = new Map(); // number -> {promise, resolve}
    this.fetching = new Map(); // number -> what stops it
    this.closed = false;
    this.gone = false;
    this.whole = false; // fetch everything, not only what is asked for
  }

  // The JPEG of a picture as a blob, now or null.
  now(position) {
    const blobs = this.made.get(Math.floor(position / this.per));
    return blobs ? blobs[position % this.per] : undefined;
  }

  async get(position) {
    const number = Math.floor(position / this.per);
    if (!this.made.has(number)) await this.demand(number);
    return this.now(position);
  }

  demand(number) {
    if (this.gone) return Promise.reject(new Error(GONE));
    this.at = number;
    if (!this.waiting.has(number)) {
      const own = {};
      own.promise = new Promise((resolve, reject) => Object.assign(own, { resolve, reject }));
      this.waiting.set(number, own);
    }
    const { promise } = this.waiting.get(number);
    this.makeRoom();
    this.pump();
    return promise;
  }

  pump() {
    while (!this.closed && !this.gone && this.fetching.size < FETCHES) {
      const number = this.next();
      if (number === undefined) return;
      const stop = new AbortController();
      this.fetching.set(number, stop);
      this.fetchOne(number, stop.signal).finally(() => {
        this.fetching.delete(number);
        this.pump();
      });
    }
  }

  // Somebody waits: what is fetched only in case gives way.
  makeRoom() {
    if (this.fetching.size < FETCHES || [...this.waiting.keys()].every((i) => this.fetching.has(i))) return;
    const idle = [...this.fetching].find(([number]) => !this.waiting.has(number));
    idle?.[1].abort();
  }

  next() {
    const missing = order(this.at, this.count).filter((i) => !this.made.has(i) && !this.fetching.has(i));
    const wanted = missing.find((i) => this.waiting.has(i));
    return wanted ?? (this.whole && this.made.size < KEPT_SEGMENTS ? missing[0] : undefined);
  }

  async fetchOne(number, signal) {
    const response = await this.fetcher(`${this.url}${number}.seg`, { signal }).catch(() => null);
    if (this.closed || signal.aborted) return;
    if (response === null || response.status === 425) {
      await this.wait(response === null ? 10 * WAIT_MS : WAIT_MS);
      return;
    }
    if (!response.ok) {
      this.gone = true;
      this.waiting.forEach(({ reject }) => reject(new Error(GONE)));
      this.waiting.clear();
      return;
    }
    const buffer = await response.arrayBuffer().catch(() => null);
    if (buffer && !this.closed) this.keep(number, buffer);
  }

  keep(number, buffer) {
    const whole = new Blob([buffer]);
    const blobs = unpack(buffer).map((span) => span && whole.slice(span[0], span[1], "image/jpeg"));
    this.made.set(number, blobs);
    this.forgetFarOnes();
    this.waiting.get(number)?.resolve();
    this.waiting.delete(number);
  }

  forgetFarOnes() {
    while (this.made.size > KEPT_SEGMENTS) {
      const farthest = [...this.made.keys()].reduce((a, b) =>
        Math.abs(a - this.at) > Math.abs(b - this.at) ? a : b,
      );
      this.made.delete(farthest);
    }
  }

  close() {
    this.closed = true;
    this.made.clear();
  }
}

function sleep(ms) {
  return new Promise((done) => {
    setTimeout(done, ms);
  });
}
