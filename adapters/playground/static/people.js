// The list of people to be, with a search over names, teams and roles.

import { button, el, freshId } from "./dom.js";

const NOT_SAID = "staff";

export const rolesOf = ({ roles }) => roles.filter((role) => role !== NOT_SAID || roles.length === 1);

export const initialsOf = ({ name }) =>
  name.split(/\s+/).filter(Boolean).map(([letter]) => letter.toUpperCase()).slice(0, 2).join("");

export function portrait(person) {
  return el("span", { class: "portrait", "aria-hidden": "true" }, initialsOf(person));
}

export function picker(people, pick) {
  const rows = people.map((person) => ({ node: row(person, pick), words: wordsOf(person) }));
  const found = el("p", { class: "help", role: "status" });
  const search = el("input", { type: "search", id: freshId("search"), autocomplete: "off", autofocus: true });
  const filter = () => {
    const asked = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const { node, words } of rows) node.hidden = !asked.every((word) => words.includes(word));
    found.textContent = counted(rows.filter(({ node }) => !node.hidden).length);
  };
  search.addEventListener("input", filter);
  filter();
  return el("div", { class: "picker" },
    el("label", { for: search.id }, "Search by name, team or role"),
    search,
    found,
    el("ul", { class: "people" }, rows.map(({ node }) => node)));
}

function row(person, pick) {
  const about = [person.team, ...rolesOf(person)].filter(Boolean).join(" · ");
  return el("li", {}, button([
    portrait(person),
    el("span", { class: "who" }, el("strong", {}, person.name), el("span", {}, about)),
  ], () => pick(person), { class: "pick" }));
}

const wordsOf = ({ name, team, roles }) => [name, team, ...roles].join(" ").toLowerCase();

const counted = (number) => number === 1 ? "1 person" : number ? `${number} people` : "Nobody is called that.";
