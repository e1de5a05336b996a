// What the player is made of: elements, with names for the hand, the keyboard and the screen reader.

import { layersFor } from "./overlay.js";
import { TOOLS } from "./marks.js";

const ICONS = {
  play: "M8 5.5v13l10.5-6.5z",
  pause: "M8 5.5h3v13H8zM13.5 5.5h3v13h-3z",
  back: "M15 5.5 8.5 12l6.5 6.5",
  on: "M9 5.5 15.5 12 9 18.5",
  loop: "M17 3.5 20 6.5 17 9.5M20 6.5H8a4 4 0 0 0-4 4V12M7 20.5 4 17.5 7 14.5M4 17.5h12a4 4 0 0 0 4-4V12",
  plus: "M12 6v12M6 12h12",
  minus: "M6 12h12",
  fit: "M5 9V5h4M19 9V5h-4M5 15v4h4M19 15v4h-4",
  undo: "M8 5 4 9l4 4M4 9h9a6 6 0 0 1 0 12h-3",
  redo: "M16 5l4 4-4 4M20 9h-9a6 6 0 0 0 0 12h3",
  bin: "M5 7h14M10 7V5h4v2M7 7l1 12h8l1-12",
  look: "M12 4v16M4 12h16M12 4 9.5 6.5M12 4l2.5 2.5M12 20l-2.5-2.5M12 20l2.5-2.5M4 12l2.5-2.5M4 12l2.5 2.5M20 12l-2.5-2.5M20 12l-2.5 2.5",
  joint: "M5 19 10 14M14 10l5-5M12 12m-3.2 0a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0-6.4 0",
  line: "M5 19 19 5",
  angle: "M19 19H5L16 6M10.5 12.6a8 8 0 0 1 3 6.4",
  arrow: "M5 19 19 5M11 5h8v8",
  free: "M4 16c3-8 6-10 7-6s-3 8 1 7 5-6 8-8",
  text: "M6 7V5h12v2M12 5v14M9.5 19h5",
  note: "M5 5h14v10h-7l-4 4v-4H5z",
};
const FILLED = new Set(["play", "pause"]);

export function el(tag, attributes = {}, children = []) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "text") node.textContent = value;
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter(Boolean));
  return node;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  if (FILLED.has(name)) svg.classList.add("filled");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

export function swapIcon(button, name) {
  button.querySelector("svg").replaceWith(icon(name));
}

export function iconButton(name, label, action, extra = {}) {
  return el("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick: action, ...extra }, [icon(name)]);
}

export function textButton(label, action, extra = {}) {
  return el("button", { type: "button", class: "text-button", text: label, onclick: action, ...extra });
}

// One of several: buttons of which one is pressed.
export function choice(label, options, chosen, action) {
  const group = el("div", { class: "choice", role: "group", "aria-label": label });
  group.choose = (value) => {
    for (const button of group.children) button.setAttribute("aria-pressed", String(button.dataset.value === String(value)));
  };
  for (const { value, text, name, colour } of options) {
    const button = el(
      "button",
      { type: "button", "data-value": value, "aria-label": name, title: name, onclick: () => { group.choose(value); action(value); } },
      [colour && el("span", { class: "dot", style: `background:${colour}` }), document.createTextNode(text)],
    );
    group.append(button);
  }
  group.choose(chosen);
  return group;
}

// Each on or off: the lines over the picture.
export function layerChips(near, layers, action) {
  return el("div", { class: "chips", role: "group", "aria-label": "Lines over the picture" }, layersFor(near).map(({ id, label, colour }) => {
    const chip = el("button", { type: "button", class: "chip", "aria-pressed": String(layers.has(id)) }, [
      el("span", { class: "dot", style: `background:${colour}` }), document.createTextNode(label),
    ]);
    chip.addEventListener("click", () => chip.setAttribute("aria-pressed", String(action(id))));
    return chip;
  }));
}

export function toolButtons(action) {
  const group = el("div", { class: "tools", role: "group", "aria-label": "Tools" });
  group.choose = (id) => {
    for (const button of group.children) button.setAttribute("aria-pressed", String(button.dataset.value === id));
  };
  for (const { id, label, hint } of TOOLS) {
    const button = iconButton(id, label, () => { group.choose(id); action(id); }, { "data-value": id });
    button.title = `${label}: ${hint.toLowerCase()}`;
    group.append(button);
  }
  group.choose("look");
  return group;
}

export const KEYS = [
  ["← →", "one frame back or on; with Shift ten"],
  ["Space", "play or stop"],
  ["T M O", "next touchdown, midstance, toe-off; with Shift the one before"],
  ["L", "repeat this stride"],
  ["1 2 3 4", "speed: an eighth, a quarter, half, full"],
  ["+ − 0", "closer, farther, whole picture"],
  ["Home End", "first and last frame"],
];

export function keyHelp(editable) {
  const rows = editable ? [...KEYS, [", .", "move the chosen event by a frame"], ["Del", "delete what is chosen"], ["Ctrl Z", "undo"]] : KEYS;
  return el("details", { class: "keys" }, [
    el("summary", { text: "Keys" }),
    el("dl", {}, rows.flatMap(([key, what]) => [el("dt", { text: key }), el("dd", { text: what })])),
  ]);
}
