// Adaptive Cards, drawn simply. Everything is put in as text, never as HTML.

import { make } from "./parts.js";

// `press` is called with an action and what is filled in; it is made unique by `prefix`.
export function drawCard(card, prefix, press) {
  const form = make("form", {});
  const onPress = (action) => {
    const fields = filledIn(form, card);
    if (action.associatedInputs === "none" || form.reportValidity()) press(action, fields);
  };
  const drawing = { prefix, onPress };
  form.append(...drawAll(card.body, drawing), drawActions(card.actions, drawing));
  form.addEventListener("submit", (event) => event.preventDefault());
  return form;
}

const drawAll = (elements, drawing) => (elements || []).map((each) => drawElement(each, drawing));

function drawElement(element, drawing) {
  switch (element.type) {
    case "TextBlock": return textBlock(element);
    case "RichTextBlock": return make("p", { class: "text" }, element.inlines.map((each) => each.text ?? each).join(""));
    case "Column": return column(element, drawing);
    case "Container": case "TableCell": return make("div", {}, ...drawAll(element.items, drawing));
    case "ColumnSet": return make("div", { class: "columns" }, ...drawAll(element.columns, drawing));
    case "FactSet": return facts(element);
    case "ActionSet": return drawActions(element.actions, drawing);
    case "Table": return table(element, drawing);
    case "Image": return make("p", {}, `[${element.altText}]`);
    default:
      if (element.type.startsWith("Input.")) return field(element, drawing);
      if (element.type.startsWith("Chart.")) return chart(element);
      return make("p", {}, `[${element.type}]`);
  }
}

// Of Markdown only a text that is a link as a whole.
const LINK = /^\[([^\][]+)\]\(((?:https?|tel|mailto):[^\s()]+)\)$/;

function textBlock(element) {
  if (element.style === "heading") return make("h3", {}, element.text);
  const kinds = ["text", element.isSubtle && "context", element.weight === "Bolder" && "bold",
    element.spacing === "None" && "close", element.color === "Attention" && "error"];
  const [, label, url] = LINK.exec(element.text) ?? [];
  const shown = url ? make("a", { href: url, rel: "noreferrer" }, label) : element.text;
  return make("p", { class: kinds.filter(Boolean).join(" ") }, shown);
}

// As wide as its part of the row, if that is a number; it is tapped as a whole.
function column(element, drawing) {
  const tapped = element.selectAction && drawAction(element.selectAction, drawing);
  const grow = typeof element.width === "number" ? element.width : Number(element.width === "stretch");
  const style = `flex: ${grow} 1 ${grow ? 0 : "auto"}; min-height: ${element.minHeight ?? 0}`;
  return make("div", { class: `column ${element.style ?? ""}`, style },
    ...(tapped ? [tapped] : drawAll(element.items, drawing)));
}

const facts = (element) => make("dl", {},
  ...element.facts.flatMap((fact) => [make("dt", {}, fact.title), make("dd", {}, fact.value)]));

const table = (element, drawing) => make("table", {},
  ...element.rows.map((row) => make("tr", {},
    ...row.cells.map((cell) => make("td", {}, drawElement({ ...cell, type: "TableCell" }, drawing))))));

// Both kinds of data: one list of values, or a list of series that have values.
function chart(element) {
  const series = element.data.map((each) => (each.values ? each : { legend: each.legend ?? each.x, values: [each] }));
  return make("table", {}, make("caption", {}, element.title || element.type),
    ...series.map((row) => make("tr", {}, make("th", { scope: "row" }, String(row.legend ?? "")),
      ...row.values.map((point) => make("td", {}, [point.x, point.y ?? point.value].filter((each) => each !== undefined).join(": "))))));
}

function drawActions(actions, drawing) {
  return make("div", { class: "actions" }, ...(actions || []).map((action) => drawAction(action, drawing)));
}

function drawAction(action, drawing) {
  if (action.type === "Action.OpenUrl") return make("a", { href: action.url, rel: "noreferrer" }, action.title);
  if (action.type === "Action.ShowCard") {
    const inner = [...drawAll(action.card.body, drawing), drawActions(action.card.actions, drawing)];
    return make("details", {}, make("summary", {}, action.title), ...inner);
  }
  const style = { positive: "primary", destructive: "danger" }[action.style] || "";
  const key = drawing.prefix + JSON.stringify([action.title, action.data]);
  return make("button", { type: "button", class: style, "data-key": key, onclick: () => drawing.onPress(action) }, action.title);
}

// --- inputs --------------------------------------------------------------------------------

function field(element, drawing) {
  const id = `${drawing.prefix}-${element.id}`;
  const label = element.label + (element.isRequired ? "" : " (optional)");
  if (element.type === "Input.Toggle") {
    const checked = element.value === (element.valueOn ?? "true");
    return make("p", {}, make("label", {},
      make("input", { type: "checkbox", name: element.id, checked }), " ", element.title));
  }
  if (element.type === "Input.ChoiceSet" && (element.isMultiSelect || element.style === "expanded")) return choices(element, label);
  return make("div", { class: "field" }, make("label", { for: id }, label), entry(element, id));
}

function choices(element, label) {
  const chosen = (element.value || "").split(",");
  const type = element.isMultiSelect ? "checkbox" : "radio";
  return make("fieldset", {}, make("legend", {}, label), ...element.choices.map((choice) => make("label", {},
    make("input", { type, name: element.id, value: choice.value, checked: chosen.includes(choice.value), required: type === "radio" && Boolean(element.isRequired) }),
    " ", choice.title)));
}

function entry(element, id) {
  const common = { id, name: element.id, required: Boolean(element.isRequired), placeholder: element.placeholder, maxlength: element.maxLength };
  if (element.choices) {
    return make("select", common, make("option", { value: "" }, element.placeholder || "Nothing chosen"),
      ...element.choices.map((choice) => make("option", { value: choice.value, selected: element.value === choice.value }, choice.title)));
  }
  if (element.isMultiline) return make("textarea", { ...common, rows: 4 }, element.value || "");
  const type = { "Input.Number": "number", "Input.Date": "date", "Input.Time": "time" }[element.type] || "text";
  return make("input", { ...common, type, min: element.min, max: element.max, value: element.value });
}

function filledIn(form, card) {
  const given = new FormData(form);
  return Object.fromEntries(inputsOf(card).map((element) => {
    if (element.type === "Input.Toggle") return [element.id, given.has(element.id)];
    return [element.id, element.isMultiSelect ? given.getAll(element.id) : given.get(element.id) || ""];
  }));
}

function inputsOf(value) {
  if (Array.isArray(value)) return value.flatMap(inputsOf);
  if (value === null || typeof value !== "object") return [];
  const own = String(value.type).startsWith("Input.") ? [value] : [];
  return [...own, ...Object.entries(value).filter(([name]) => name !== "data" && name !== "fallback").flatMap(([, inner]) => inputsOf(inner))];
}
