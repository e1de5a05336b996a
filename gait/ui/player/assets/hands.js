// What fingers, mouse and wheel do on the picture.

import { markAt, taps, thinned } from "./marks.js";
import { landmarkAt } from "./overlay.js";
import { toPicture, zoomAt } from "./view.js";

const PX_PER_FRAME = 5;
const PX_PER_WHEEL_FRAME = 40;
const TAP_PX = 5;

export class Hands {
  constructor(player, stage) {
    Object.assign(this, { player, stage, pointers: new Map(), doing: null, wheeled: 0 });
    const { canvas } = stage;
    canvas.addEventListener("pointerdown", (e) => this.down(e));
    canvas.addEventListener("pointermove", (e) => this.move(e));
    canvas.addEventListener("pointerup", (e) => this.up(e));
    canvas.addEventListener("pointercancel", (e) => this.cancel(e));
    canvas.addEventListener("wheel", (e) => this.wheel(e), { passive: false });
    canvas.addEventListener("dblclick", () => player.tool === "look" && player.setZoom({ zoom: 1, dx: 0, dy: 0 }));
  }

  place(event) {
    const box = this.stage.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  // Where a point of the screen lies in the picture of the first clip.
  picture(place) {
    return toPicture(this.stage.viewShown, place);
  }

  down(event) {
    if (event.button > 0 || !this.player.ready) return;
    const { player } = this;
    this.stage.canvas.setPointerCapture(event.pointerId);
    this.stage.canvas.parentElement.focus({ preventScroll: true });
    const place = this.place(event);
    this.pointers.set(event.pointerId, place);
    if (this.pointers.size === 2) this.doing = this.pinchStart();
    else this.doing = this.start(place, player);
    if (player.tool !== "look") event.preventDefault();
  }

  start(place, player) {
    const begun = { from: place, zoom: player.zoom, position: player.target, moved: false };
    if (player.tool === "look") return { ...begun, kind: player.zoom.zoom > 1 ? "pan" : "scrub" };
    player.pause();
    if (player.tool === "joint") {
      const landmark = landmarkAt(player.reel.points(player.position), this.stage.viewShown, place);
      return landmark < 0 ? null : { ...begun, kind: "joint", landmark };
    }
    if (taps(player.tool)) return { ...begun, kind: "tap" };
    return { ...begun, kind: "draw", points: [this.picture(place)] };
  }

  pinchStart() {
    const [a, b] = [...this.pointers.values()];
    return { kind: "pinch", zoom: this.player.zoom, apart: Math.hypot(a[0] - b[0], a[1] - b[1]), middle: middle(a, b) };
  }

  move(event) {
    const place = this.place(event);
    if (!this.pointers.has(event.pointerId)) {
      this.player.hover(this.picture(place));
      return;
    }
    this.pointers.set(event.pointerId, place);
    const { doing } = this;
    if (!doing) return;
    if (doing.from && Math.hypot(place[0] - doing.from[0], place[1] - doing.from[1]) > TAP_PX) doing.moved = true;
    if (doing.kind === "pinch") this.pinch(doing);
    else if (doing.moved) this.act(doing, place);
  }

  act(doing, place) {
    const { player } = this;
    const [dx, dy] = [place[0] - doing.from[0], place[1] - doing.from[1]];
    if (doing.kind === "pan") player.setZoom({ ...doing.zoom, dx: doing.zoom.dx + dx, dy: doing.zoom.dy + dy });
    if (doing.kind === "scrub") {
      player.pause();
      player.go(doing.position + Math.round(dx / PX_PER_FRAME));
    }
    if (doing.kind === "joint") player.previewJoint(doing.landmark, this.picture(place));
    if (doing.kind === "draw") {
      const point = this.picture(place);
      doing.points = player.tool === "free" ? [...doing.points, point] : [doing.points[0], point];
      player.previewMark({ kind: player.tool, points: doing.points, text: "" });
    }
  }

  pinch(doing) {
    const [a, b] = [...this.pointers.values()];
    const now = middle(a, b);
    const zoom = zoomAt(doing.zoom, Math.hypot(a[0] - b[0], a[1] - b[1]) / doing.apart, ...doing.middle);
    const [dx, dy] = [now[0] - doing.middle[0], now[1] - doing.middle[1]];
    this.player.setZoom(zoom.zoom > 1 ? { ...zoom, dx: zoom.dx + dx, dy: zoom.dy + dy } : zoom);
  }

  up(event) {
    const place = this.place(event);
    const { doing, player } = this;
    this.pointers.delete(event.pointerId);
    this.doing = null;
    if (!doing || doing.kind === "pinch") return;
    if (doing.kind === "tap") player.tap(this.picture(place), place, this.stage);
    else if (!doing.moved) this.tapped(doing, place);
    else if (doing.kind === "joint") player.commitJoint();
    else if (doing.kind === "draw") {
      player.commitMark({ kind: player.tool, points: thinned(doing.points, this.stage.viewShown.k), text: "" });
    }
  }

  // A tap with no tool in hand: take hold of the drawing there.
  tapped(doing, place) {
    const { player } = this;
    player.previewMark(null);
    if (doing.kind !== "joint") player.chooseMark(markAt(player.reel.marksAt(player.position), this.stage.viewShown, place) ?? null);
  }

  cancel(event) {
    this.pointers.delete(event.pointerId);
    this.doing = null;
    this.player.previewMark(null);
  }

  wheel(event) {
    const { player } = this;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      player.setZoom(zoomAt(player.zoom, Math.exp(-event.deltaY / 250), ...this.place(event)));
      return;
    }
    if (!player.root.matches(":focus-within")) return; // the page scrolls until the player is in use
    event.preventDefault();
    player.pause();
    const lines = event.deltaMode === 1 ? PX_PER_WHEEL_FRAME : 1;
    this.wheeled += (event.deltaY || event.deltaX) * lines;
    const frames = Math.trunc(this.wheeled / PX_PER_WHEEL_FRAME);
    this.wheeled -= frames * PX_PER_WHEEL_FRAME;
    if (frames) player.step(Math.sign(frames) * Math.min(3, Math.abs(frames)));
  }
}

const middle = (a, b) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];

