// Correcting events and joints, and drawing. What is done goes to Python whole, each time.

import { el, icon, iconButton, textButton } from "./controls.js";
import * as edit from "./edits.js";
import { taps } from "./marks.js";
import { landmarkAt } from "./overlay.js";
import { Showing } from "./showing.js";
import { cap, markText, STOP_NAMES } from "./words.js";

export class Editing extends Showing {
  change(next) {
    this.reel.history.change(next);
    this.changed();
  }

  changed() {
    this.reel.recount();
    this.recount();
    const { edits, marks } = this.reel.history.now;
    this.send("edits", edits);
    this.send("marks", marks);
  }

  undo() {
    if (this.editable && this.reel.history.undo()) this.changed();
  }

  redo() {
    if (this.editable && this.reel.history.redo()) this.changed();
  }

  setTool(tool) {
    this.tool = tool;
    this.tapped = [];
    this.draft = null;
    this.parts.tools.choose(tool);
    for (const { node } of this.stages) node.dataset.tool = tool;
    this.showHint();
    this.draw();
  }

  showHint() {
    const button = this.parts.tools.querySelector('[aria-pressed="true"]');
    this.parts.hint.textContent = this.tool === "look" ? "" : button.title.split(": ").slice(1).join(": ");
  }

  choose(id) {
    this.chosen = id;
    this.timeline.refresh();
    this.showChosen();
  }

  chooseMark(mark) {
    this.chosenMark = this.editable ? mark : null;
    this.showChosen();
    this.draw();
  }

  // What can be done with the event or drawing that is chosen; else, what can be added here.
  showChosen() {
    if (!this.editable) return;
    const { parts, reel } = this;
    this.keepingFocus(parts.event, () => this.fillChosen());
    parts.undo.disabled = !reel.history.past.length;
    parts.redo.disabled = !reel.history.future.length;
  }

  // Buttons that are made anew keep the keyboard where it was; if theirs is gone, the picture takes it.
  keepingFocus(node, fill) {
    const focused = this.parent.activeElement;
    const inside = node.contains(focused);
    fill();
    if (!inside) return;
    const again = [...node.querySelectorAll("button")].find((button) => button.textContent === focused.textContent);
    (again ?? this.stages[0].node).focus({ preventScroll: true });
  }

  fillChosen() {
    const { parts, reel } = this;
    const { edits } = reel.history.now;
    const event = reel.events.find(({ id }) => id === this.chosen);
    if (this.chosenMark) {
      parts.event.replaceChildren(el("span", { class: "quiet", text: "Drawing" }), textButton("Delete", () => this.deleteMark(this.chosenMark)));
    } else if (event) {
      parts.event.replaceChildren(
        el("span", { class: "quiet", text: `${STOP_NAMES[event.kind]}, ${event.side}` }),
        textButton("Earlier", () => this.nudge(-1)), textButton("Later", () => this.nudge(1)),
        textButton("Delete", () => this.removeEvent()),
        ...(event.source === "moved" ? [textButton("As detected", () => this.change({ edits: edit.restore(edits, event.id) }))] : []),
        textButton("Done", () => this.choose(null)),
      );
    } else {
      const deleted = Object.values(edits.events).filter((frame) => frame === null).length;
      parts.event.replaceChildren(
        el("span", { class: "quiet", text: `${cap(this.sideToAdd())}:` }),
        textButton("Touchdown here", () => this.addEvent("touchdown")), textButton("Toe-off here", () => this.addEvent("toe_off")),
        ...(deleted ? [textButton(`Bring back ${deleted} deleted`, () => this.bringBack())] : []),
      );
    }
  }

  // The leg that is chosen for jumping; the near one if both are.
  sideToAdd() {
    return this.leg === "both" ? this.reel.near ?? "left" : this.leg;
  }

  addEvent(kind) {
    if (!this.ready) return;
    const edits = edit.add(this.reel.history.now.edits, this.sideToAdd(), kind, this.reel.frames.number[this.position]);
    this.chosen = edits.added.at(-1).id;
    this.change({ edits });
  }

  removeEvent() {
    const { edits } = this.reel.history.now;
    const id = this.chosen;
    this.chosen = null;
    if (id) this.change({ edits: edit.remove(edits, id) });
  }

  bringBack() {
    let { edits } = this.reel.history.now;
    for (const [id, frame] of Object.entries(edits.events)) if (frame === null) edits = edit.restore(edits, id);
    this.change({ edits });
  }

  nudge(by) {
    const { reel } = this;
    const event = reel.events.find(({ id }) => id === this.chosen);
    if (!event) return;
    const position = reel.frames.clamp(event.position + by);
    this.change({ edits: edit.move(reel.history.now.edits, event.id, reel.frames.number[position]) });
    this.go(position);
  }

  previewJoint(landmark, point) {
    this.moving = { landmark, point };
    const { history, frames } = this.reel;
    this.before ??= history.now;
    history.now = { ...this.before, edits: edit.place(this.before.edits, frames.number[this.position], landmark, point.map(tenth)) };
    this.draw();
  }

  commitJoint() {
    if (!this.before) return;
    const { edits } = this.reel.history.now;
    this.reel.history.now = this.before;
    this.before = null;
    this.change({ edits });
  }

  previewMark(mark) {
    this.draft = mark;
    this.draw();
  }

  hover(point) {
    if (this.tool !== "angle" || !this.tapped.length) return;
    this.previewMark({ kind: "angle", points: [...this.tapped, point], text: "" });
  }

  tap(point, place, stage) {
    if (this.tool === "angle") {
      this.tapped.push(point);
      if (this.tapped.length < taps("angle")) return;
      const points = this.tapped;
      this.tapped = [];
      this.commitMark({ kind: "angle", points, text: "" });
      return;
    }
    const landmark = this.tool === "note" ? landmarkAt(this.reel.points(this.position), stage.viewShown, place) : -1;
    const pinned = landmark >= 0 ? this.reel.points(this.position)[landmark] : point;
    this.askText(place, stage, (text) => this.commitMark({ kind: this.tool, points: [pinned], text, joint: landmark >= 0 ? landmark : null }));
  }

  askText(place, stage, done) {
    stage.node.querySelector(".typed")?.remove();
    const input = el("input", { type: "text", class: "typed", "aria-label": this.tool === "note" ? "Note" : "Text", maxlength: "2000", placeholder: this.tool === "note" ? "Note" : "Text" });
    input.style.left = `${Math.min(place[0], Math.max(0, stage.width - 230))}px`;
    input.style.top = `${Math.min(place[1], stage.height - 44)}px`;
    let open = true;
    const finish = (keep) => {
      if (!open) return;
      open = false; // taking it off makes it lose the focus, which would finish it a second time
      const text = input.value.trim();
      input.remove();
      if (keep && text) done(text);
      stage.node.focus({ preventScroll: true });
    };
    input.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Enter") finish(true);
      if (event.key === "Escape") finish(false);
    });
    input.addEventListener("blur", () => finish(true));
    stage.node.append(input);
    input.focus();
  }

  commitMark({ kind, points, text, joint = null }) {
    this.draft = null;
    const mark = { kind, frame: this.reel.frames.number[this.position], points: points.map((p) => p.map(tenth)), text, joint };
    this.change({ marks: [...this.reel.history.now.marks, mark] });
  }

  deleteMark(mark) {
    this.chosenMark = null;
    this.change({ marks: this.reel.history.now.marks.filter((one) => one !== mark) });
  }

  listNotes() {
    const { notes } = this.parts;
    if (!notes) return;
    const { marks } = this.reel.history.now;
    this.keepingFocus(notes, () => notes.replaceChildren(...[...marks].sort((a, b) => a.frame - b.frame).map((mark) =>
      el("li", {}, [
        el("button", { type: "button", class: "note", onclick: () => { this.goNumber(mark.frame); this.chooseMark(mark); } }, [
          icon(mark.kind), el("span", { class: "quiet", text: `Frame ${mark.frame}` }), el("span", { text: markText(mark) }),
        ]),
        iconButton("bin", `Delete: ${markText(mark)}`, () => this.deleteMark(mark)),
      ]))));
  }
}

const tenth = (value) => Math.round(10 * value) / 10;
