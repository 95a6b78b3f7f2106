// Somebody's Teams. Everything is put in as text, never as HTML.

import { drawCard } from "./cards.js";
import { $, ask, make, redraw } from "./parts.js";

const EVERY_MS = 700;
const who = { person: "" };
let where = "";
let people = [];
let drawn = "";
let drawnDialog = "";

async function act(what) {
  $("outcome").textContent = "…";
  const { problem } = await ask("/page/act", { ...who, where, ...what });
  $("outcome").textContent = problem || "Done.";
  await look();
}

function drawMessage(message) {
  const press = (action, fields) => act({ act: "press", action, fields, message: message.id });
  return make("article", { "aria-label": message.text || message.author },
    make("small", {}, message.author, message.edited ? " · edited" : ""),
    message.text ? make("p", { class: "text" }, message.text) : null,
    ...message.cards.map((card) => drawCard(card, message.id, press)));
}

function drawTabs(sight) {
  const go = (id) => () => { where = id; drawn = ""; look(); };
  const all = [["", "Chat"], ...sight.channels.map((each) => [each.id, each.name])];
  $("tabs").replaceChildren(...all.map(([id, name]) =>
    make("button", { role: "tab", "aria-selected": String(where === id), "aria-controls": "surface", "data-key": `tab${id}`, onclick: go(id) }, name)));
}

function drawApp(sight) {
  const button = (what, label) => make("button", { "data-key": what, onclick: () => act({ act: what }) }, label);
  $("app").replaceChildren(
    sight.installed ? button("uninstall", "Remove the app") : button("install", "Install the app"),
    button("block", sight.blocking ? "Unblock the app" : "Block the app"));
}

function drawDialog(dialog) {
  const now = JSON.stringify(dialog);
  if (now === drawnDialog) return;
  drawnDialog = now;
  if (!dialog) { $("dialog").close(); return; }
  const submit = (action, fields) => act({ act: "submit", action: action.title, fields });
  $("dialog").replaceChildren(
    make("h2", { id: "dialog-title", tabindex: "-1" }, dialog.title),
    drawCard(dialog.card, "dialog", submit),
    make("div", { class: "buttons" }, make("button", { onclick: () => act({ act: "close" }) }, "Close")));
  if (!$("dialog").open) $("dialog").showModal();
  $("dialog-title").focus();
}

async function look() {
  if (!who.person) return;
  const asked = who.person;
  const sight = await ask(`/page/sight?${new URLSearchParams(who)}`);
  if (asked !== who.person) return;
  const channel = sight.channels.find((each) => each.id === where);
  const messages = channel ? channel.messages : sight.messages;
  const now = JSON.stringify([where, messages, sight.channels.length, sight.installed, sight.blocking]);
  if (now !== drawn) {
    redraw($("surface"), { first: !drawn, follow: true }, () => {
      drawTabs(sight);
      drawApp(sight);
      const shown = messages.length ? messages.map(drawMessage) : [make("p", {}, "No messages yet.")];
      $("surface").replaceChildren(...shown);
    });
    drawn = now;
  }
  $("name").textContent = sight.name;
  drawDialog(sight.dialog);
}

function become(person) {
  who.person = person.id;
  where = drawn = drawnDialog = "";
  $("outcome").textContent = "";
  document.querySelector("main").hidden = false;
  drawPeople();
  look().then(() => $("name").focus());
}

function drawPeople() {
  const wanted = $("search").value.toLowerCase();
  const fitting = people.filter((each) => each.name.toLowerCase().includes(wanted));
  $("people").replaceChildren(...fitting.map((each) => make("li", {},
    make("button", { "aria-current": String(each.id === who.person), onclick: () => become(each) },
      each.name, " ", make("small", {}, each.note)))));
}

async function begin() {
  ({ people } = await ask("/page/people"));
  $("search").addEventListener("input", drawPeople);
  $("dialog").addEventListener("cancel", (event) => { event.preventDefault(); act({ act: "close" }); });
  $("say").addEventListener("submit", (event) => {
    event.preventDefault();
    const { value } = event.target.elements.text;
    event.target.reset();
    act({ act: "say", text: value });
  });
  drawPeople();
  setInterval(look, EVERY_MS);
}

begin();
