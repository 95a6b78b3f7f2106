// The page: who is shown, side by side or one at a time, and what the live stream brings.

import * as address from "./address.js";
import * as api from "./api.js";
import { Column } from "./column.js";
import { showDialog } from "./dialog.js";
import { button, el } from "./dom.js";
import { Live } from "./events.js";
import { picker } from "./people.js";
import { TimeBar } from "./timebar.js";

const CATCHES_UP_AFTER_MS = 400;
const ONE_AT_A_TIME = matchMedia("(max-width: 899px)");

const main = document.getElementById("people");
const switcher = document.getElementById("switcher");
const timeBar = new TimeBar({ peopleShown: () => columns.map(({ person }) => person.id) });
const live = new Live(receive, () => refresh(columns));

let people = [];
let columns = [];
let front = 0;

async function start() {
  const known = await api.people();
  people = known.people;
  timeBar.moved(known.now);
  window.addEventListener("hashchange", arrange);
  document.addEventListener("visibilitychange", seen);
  ONE_AT_A_TIME.addEventListener("change", arrange);
  document.getElementById("skip").addEventListener("click", (event) => {
    event.preventDefault();
    main.focus();
  });
  arrange();
}

// --- who is shown

function arrange() {
  const persons = address.shown().map((id) => people.find((each) => each.id === id)).filter(Boolean);
  const together = persons.length > 1;
  const kept = columns;
  columns = persons.map((person) =>
    kept.find((column) => column.person === person && column.together === together)
      ?? openColumn(person, together));
  front = Math.max(0, columns.findIndex((column) => !kept.includes(column)));
  main.replaceChildren(...(columns.length ? columns.map(({ node }) => node) : [startPage()]));
  if (columns.length) timeBar.useZone(columns[0].person.zone);
  refresh(columns.filter((column) => !kept.includes(column)));
  live.follow(columns.map(({ person }) => person.id));
  bringToFront(front);
  if (document.activeElement === document.body && kept.length) columns[front]?.node.focus();
}

function openColumn(person, together) {
  const actions = [button("Change", () => choose((id) => replaceWith(person.id, id)), {
    class: "button plain small", "aria-label": `Change from ${person.name} to somebody else` })];
  actions.push(together
    ? button("Close", () => address.show(address.shown().filter((id) => id !== person.id)), {
      class: "button plain small", "aria-label": `Close ${person.name}` })
    : button(["Add", el("span", { class: "wide" }, " person")],
      () => choose((id) => address.show([person.id, id])), {
        class: "button plain small", "aria-label": "Add person" }));
  const isFront = (column) => !ONE_AT_A_TIME.matches || columns[front] === column;
  const column = new Column(person, { actions, isFront, changed: showUnread });
  column.node.classList.toggle("together", together);
  return Object.assign(column, { together });
}

function replaceWith(leaving, coming) {
  address.show(address.shown().map((id) => id === leaving ? coming : id));
}

function choose(chosen) {
  const opener = document.activeElement;
  const others = people.filter(({ id }) => !address.shown().includes(id));
  const list = picker(others, ({ id }) => { dialog.close(); chosen(id); });
  const back = () => opener.isConnected ? opener : main;
  const dialog = showDialog("Who would you like to be?", list, back);
}

function startPage() {
  return el("section", { class: "start", "aria-label": "Start" },
    el("h2", {}, "Who would you like to be?"),
    el("p", {}, "Pick somebody, and see what the bot sends them. Nothing leaves this machine."),
    picker(people, ({ id }) => address.show([id])));
}

// --- one at a time, on a narrow screen

function bringToFront(index) {
  front = index;
  columns.forEach(({ node }, each) => node.classList.toggle("behind", each !== front));
  seen();
}

function seen() {
  for (const column of columns) column.markSeen();
  showUnread();
}

function showUnread() {
  const total = columns.reduce((sum, { unread }) => sum + unread.total(), 0);
  document.title = `${total ? `(${total}) ` : ""}Wellbeing Warrior playground`;
  switcher.hidden = columns.length < 2;
  const focused = [...switcher.children].indexOf(document.activeElement);
  switcher.replaceChildren(...columns.map(({ person, unread }, index) => {
    const count = unread.total();
    const badge = el("span", { class: "badge", hidden: !count }, `${count} new`);
    const current = index === front ? "true" : null;
    return button([person.name, " ", badge], () => bringToFront(index), { class: "tab", "aria-current": current });
  }));
  switcher.children[focused]?.focus();
}

// --- what the live stream brings

let catchingUp;

function receive(kind, { people: concerned, ...data }) {
  const own = columns.filter(({ person }) => concerned.includes(person.id));
  if (kind === "posted") {
    timeBar.arrived += 1;
    refresh(own.filter((column) => !column.arrive(data.conversation, data.message)));
  } else if (kind === "home") refresh(own);
  else if (kind === "progress") timeBar.progress(data);
  else {
    if (kind === "clock") timeBar.moved(data.now);
    clearTimeout(catchingUp);
    catchingUp = setTimeout(() => refresh(columns), CATCHES_UP_AFTER_MS);
  }
}

async function refresh(stale) {
  try {
    await Promise.all(stale.map((column) => column.load()));
  } catch (error) {
    timeBar.progress({ text: error.message, running: false });
  }
}

start().catch((error) => main.replaceChildren(el("p", { class: "start" }, error.message)));
