"use strict";
const at = (id) => document.getElementById(id);
const code = location.hash.slice(1);
const say = (text) => { at("said").textContent = text; };

async function connect() {
  const answer = await fetch("pair", { method: "POST", body: code });
  history.replaceState(null, "", "/");
  at("pair").hidden = true;
  at("send").hidden = !answer.ok;
  say(answer.ok ? "" : await answer.text());
}

function send(file) {
  const line = document.createElement("li");
  const bar = document.createElement("progress");
  line.append(`${file.name} `, bar);
  at("list").append(line);
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("PUT", `clips/${encodeURIComponent(file.name)}`);
    request.upload.onprogress = (event) => { bar.max = event.total; bar.value = event.loaded; };
    request.onload = () => { bar.replaceWith(request.status === 201 ? "is there." : request.responseText); done(); };
    request.onerror = () => { bar.replaceWith("did not arrive: is the phone still in the same network?"); done(); };
    request.send(file);
  });
}

at("connect").addEventListener("click", connect);
at("clips").addEventListener("change", async (event) => {
  for (const file of event.target.files) await send(file);
  event.target.value = "";
});
at(code ? "pair" : "send").hidden = false;
