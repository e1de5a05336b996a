// When each picture of a proxy was taken. A position is its place in the proxy, from 0; a number is its
// place in the clip; s is capture time in seconds since the clip's first frame.

const EARLIEST = 0.25; // an event up to this part of a frame after a picture is still shown by it

export class Frames {
  // buffer: three float64 a picture: number, presentation time, capture time.
  constructor(buffer) {
    const table = new Float64Array(buffer);
    this.count = table.length / 3;
    this.number = table.filter((_, i) => i % 3 === 0);
    this.s = table.filter((_, i) => i % 3 === 2);
    this.frameS = this.count > 1 ? (this.s[this.count - 1] - this.s[0]) / (this.count - 1) : 1;
  }

  clamp(position) {
    return Math.max(0, Math.min(this.count - 1, position));
  }

  // Position of a frame by its number in the clip; -1 if the proxy does not have it.
  positionOf(number) {
    const position = number - this.number[0];
    return Number.isInteger(position) && position >= 0 && position < this.count ? position : -1;
  }

  // Last picture taken at or before this time.
  at(s) {
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.s[middle] <= s) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  nearest(s) {
    const before = this.at(s);
    const after = Math.min(before + 1, this.count - 1);
    return s - this.s[before] <= this.s[after] - s ? before : after;
  }

  // First picture that shows an event: the one at it or just after, as the measurements' pictures take it.
  showing(s) {
    const edge = s - EARLIEST * this.frameS;
    const before = this.at(edge);
    return this.s[before] >= edge ? before : Math.min(before + 1, this.count - 1);
  }
}
