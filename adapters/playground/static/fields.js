// The fields of a form: each knows its value, and can show what is to be mended.

import { button, el, freshId } from "./dom.js";

const MOST_RADIOS = 7;
const LEAST_OF_A_SCALE = 5;

export function makeField(field) {
  if (field.type === "text") return textField(field);
  if (isScale(field.choices)) return radioField(field, scaleRow(field));
  return field.choices.length > MOST_RADIOS ? selectField(field) : radioField(field, radioList(field));
}

// A scale such as 0 to 10: whole numbers in a row, most of them without words.
function isScale(choices) {
  const values = choices.map(({ value }) => Number(value));
  const consecutive = values.every((value, index) => value === values[0] + index);
  const wordless = choices.filter((choice) => !wordsOf(choice)).length;
  return choices.length >= LEAST_OF_A_SCALE && consecutive && wordless >= choices.length / 2;
}

// The label without its number: "0 – not at all" → "not at all"
function wordsOf({ value, label }) {
  const number = label.startsWith(value) && !/^\d/.test(label.slice(value.length));
  if (!number) return label;
  return label.slice(value.length).replace(/^[\s\-–—:.,)]+/, "").replace(/^\((.*)\)$/, "$1");
}

function radioList(field) {
  const name = freshId("choice");
  return el("div", { class: "choices" }, field.choices.map((choice) =>
    el("label", { class: "choice" }, radio(name, field, choice), el("span", {}, choice.label))));
}

function scaleRow(field) {
  const name = freshId("scale");
  const points = field.choices.map((choice) => {
    const words = wordsOf(choice);
    const label = words ? `${choice.value}, ${words}` : choice.value;
    return el("label", { class: "point" },
      radio(name, field, choice, { "aria-label": label }),
      el("span", { "aria-hidden": "true" }, choice.value));
  });
  const ends = [field.choices.at(0), field.choices.at(-1)].map((choice) =>
    el("span", {}, `${choice.value}: ${wordsOf(choice) || choice.value}`));
  const named = wordsOf(field.choices.at(0)) || wordsOf(field.choices.at(-1));
  return el("div", {},
    el("div", { class: "scale" }, points),
    named ? el("p", { class: "ends", "aria-hidden": "true" }, ends) : null);
}

function radio(name, field, { value }, props = {}) {
  return el("input", { type: "radio", name, value, checked: value === field.chosen, ...props });
}

function radioField(field, choices) {
  const ids = describing(field);
  const inputs = [...choices.querySelectorAll("input")];
  const clear = field.required ? null : button("Leave this out", () => {
    for (const input of inputs) input.checked = false;
    inputs[0].focus();
  }, { class: "button quiet small" });
  const set = el("fieldset", { class: "field", "aria-describedby": ids.all },
    el("legend", {}, field.label, optional(field)), ids.help, ids.error, choices, clear);
  return {
    name: field.name,
    node: set,
    value: () => inputs.find((input) => input.checked)?.value ?? "",
    fail: (sentence) => fail(ids, set, sentence),
    focus: () => (inputs.find((input) => input.checked) ?? inputs[0])?.focus(),
  };
}

function selectField(field) {
  const choices = [{ value: "", label: "Please choose" }, ...field.choices];
  return labelled(field, el("select", {}, choices.map(({ value, label }) =>
    el("option", { value, selected: value === field.chosen }, label))));
}

function textField(field) {
  const input = el(field.multiline ? "textarea" : "input", {
    maxlength: field.max_length,
    rows: field.multiline ? 4 : null,
    autocomplete: "off",
  });
  input.value = field.text;
  return labelled(field, input);
}

function labelled(field, input) {
  const ids = describing(field);
  input.id = freshId("input");
  input.setAttribute("aria-describedby", ids.all);
  if (field.required) input.setAttribute("aria-required", "true");
  const label = el("label", { for: input.id }, field.label, optional(field));
  return {
    name: field.name,
    node: el("div", { class: "field" }, label, ids.help, ids.error, input),
    value: () => input.value,
    fail: (sentence) => fail(ids, input, sentence),
    focus: () => input.focus(),
  };
}

const optional = ({ required }) => required ? null : el("span", { class: "optional" }, " (optional)");

function describing(field) {
  const help = el("p", { class: "help", id: freshId("help"), hidden: !field.help }, field.help);
  const error = el("p", { class: "error", id: freshId("error"), hidden: true });
  return { help, error, all: `${error.id} ${help.id}` };
}

function fail({ error }, control, sentence) {
  error.textContent = sentence;
  error.hidden = !sentence;
  if (sentence) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
}
