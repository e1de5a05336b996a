// What was corrected and drawn: plain values, and a history to go back through.

export const NONE = Object.freeze({ rev: 0, events: {}, added: [], points: {} });

export const move = (edits, id, frame) =>
  edits.added.some((one) => one.id === id)
    ? { ...edits, added: edits.added.map((one) => (one.id === id ? { ...one, frame } : one)) }
    : { ...edits, events: { ...edits.events, [id]: frame } };

export const remove = (edits, id) =>
  edits.added.some((one) => one.id === id)
    ? { ...edits, added: edits.added.filter((one) => one.id !== id) }
    : { ...edits, events: { ...edits.events, [id]: null } };

// Back to what was detected.
export const restore = (edits, id) => {
  const { [id]: _, ...events } = edits.events;
  return { ...edits, events };
};

export const add = (edits, side, kind, frame) => {
  const used = new Set(edits.added.map((one) => one.id));
  let n = 1;
  while (used.has(`added-${n}`)) n += 1;
  return { ...edits, added: [...edits.added, { id: `added-${n}`, side, kind, frame }] };
};

export const place = (edits, frame, landmark, xy) => ({
  ...edits,
  points: { ...edits.points, [`${frame}:${landmark}`]: xy },
});

export class History {
  constructor(edits = NONE, marks = []) {
    this.now = { edits, marks };
    this.past = [];
    this.future = [];
  }

  change({ edits = this.now.edits, marks = this.now.marks }) {
    this.past.push(this.now);
    this.future = [];
    this.set({ edits, marks });
  }

  undo() {
    return this.go(this.past, this.future);
  }

  redo() {
    return this.go(this.future, this.past);
  }

  go(from, to) {
    if (!from.length) return false;
    to.push(this.now);
    this.set(from.pop());
    return true;
  }

  // The revision only grows, also when going back: the newest message counts.
  set({ edits, marks }) {
    this.now = { edits: { ...edits, rev: this.now.edits.rev + 1 }, marks };
  }
}
