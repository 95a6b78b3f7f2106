// Somebody's Slack, drawn from blocks. Everything is put in as text, never as HTML.

import { $, ask, make, redraw } from "./parts.js";

const EVERY_MS = 700;
const who = { team: "", user: "" };
let tab = "messages";
let world = { workspaces: [] };
let drawn = "";
let drawnModal = "";

async function act(what) {
  $("outcome").textContent = "…";
  const { problem } = await ask("/page/act", { ...who, ...what });
  $("outcome").textContent = problem || "Done.";
  await look();
}

// --- texts ---------------------------------------------------------------------------------

const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
const MARKS = /<([^<>|]+)\|([^<>]+)>|<(https?:[^<>]+)>|(?<![\w*])\*([^*\n]+)\*(?![\w*])|(?<![\w_])_([^_\n]+)_(?![\w_])/g;

function mrkdwn(text) {
  const parts = [];
  let at = 0;
  for (const found of text.matchAll(MARKS)) {
    parts.push(unescape(text.slice(at, found.index)));
    const [whole, url, label, bare, bold, italic] = found;
    if (url || bare) parts.push(make("a", { href: url || bare, rel: "noreferrer" }, unescape(label || bare)));
    else parts.push(make(bold ? "strong" : "em", {}, ...mrkdwn(bold || italic)));
    at = found.index + whole.length;
  }
  parts.push(unescape(text.slice(at)));
  return parts;
}

const words = (text) => (text.type === "mrkdwn" ? mrkdwn(text.text) : [text.text]);

function richText(block) {
  const say = (inner) => (inner.elements ? inner.elements.map(say).join("") : inner.text || "");
  return make("p", { class: "text" }, ...block.elements.map((each) => `${say(each)}\n`));
}

// --- blocks --------------------------------------------------------------------------------

function chart(block) {
  const { segments, series = [], axis_config: axis = {} } = block.chart;
  const rows = segments
    ? [{ name: block.chart.type, data: segments }]
    : series;
  const labels = axis.categories || segments.map((each) => each.label);
  const most = Math.max(1, ...rows.flatMap((row) => row.data.map((point) => point.value)));
  const cell = (point) => make("td", {}, `${point.value} `, make("meter", { value: point.value, max: most, "aria-hidden": "true" }));
  return make("table", {},
    make("caption", {}, [block.title, axis.y_label].filter(Boolean).join(", ")),
    make("tr", {}, make("td"), ...labels.map((label) => make("th", { scope: "col" }, label))),
    ...rows.map((row) => make("tr", {}, make("th", { scope: "row" }, row.name), ...row.data.map(cell))));
}

function element(each, where) {
  const key = `${where.on}${where.ts || ""}${each.action_id}`;
  if (each.type === "button") {
    const press = () => act({ act: "press", action: each.action_id, ...where });
    return make("button", { type: "button", class: each.style || "", "data-key": key, onclick: press }, each.text.text);
  }
  if (each.type === "image") return make("span", {}, `[${each.alt_text}]`);
  if (each.options) return menu(each, where, key);
  return make("span", {}, `[${each.type}]`);
}

function menu(each, where, key) {
  const chosen = make("select", { "data-key": key, "aria-label": each.placeholder?.text || "Choose" },
    make("option", { value: "" }, each.placeholder?.text || "Choose"),
    ...each.options.map((option) => make("option", { value: option.value, selected: each.initial_option?.value === option.value }, option.text.text)));
  chosen.addEventListener("change", () => act({ act: "choose", action: each.action_id, option: chosen.value, ...where }));
  return chosen;
}

function drawBlock(block, where, modal) {
  switch (block.type) {
    case "header": return make("h3", {}, block.text.text);
    case "section": return make("div", { class: "text" },
      ...(block.text ? words(block.text) : []),
      ...(block.fields || []).map((field) => make("div", {}, ...words(field))),
      block.accessory ? element(block.accessory, where) : null);
    case "context": return make("div", { class: "context" },
      ...block.elements.map((each) => (each.type === "image" ? element(each, where) : make("p", { class: "text" }, ...words(each)))));
    case "actions": return make("div", { class: "actions" }, ...block.elements.map((each) => element(each, where)));
    case "divider": return make("hr");
    case "image": return make("p", {}, `[${block.alt_text}]`);
    case "markdown": return make("p", { class: "text" }, block.text);
    case "rich_text": return richText(block);
    case "data_visualization": return chart(block);
    case "input": return modal ? field(block, modal) : make("p", {}, block.label.text);
    default: return make("p", {}, `[${block.type}]`);
  }
}

// --- fields --------------------------------------------------------------------------------

function field(block, modal) {
  const of = block.element;
  const value = modal.state[block.block_id]?.[of.action_id] || {};
  const error = modal.errors[block.block_id];
  const label = block.label.text + (block.optional ? " (optional)" : "");
  const id = `field-${block.block_id}`;
  const after = [
    block.hint ? make("p", { class: "context", id: `${id}-hint` }, block.hint.text) : null,
    error ? make("p", { class: "error", id: `${id}-error` }, error) : null,
  ];
  const about = [block.hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined;
  const common = { name: block.block_id, "aria-describedby": about, "aria-invalid": error ? "true" : undefined };
  if (of.type === "radio_buttons" || of.type === "checkboxes") {
    const chosen = [value.selected_option, ...(value.selected_options || [])].map((option) => option?.value);
    const type = of.type === "checkboxes" ? "checkbox" : "radio";
    return make("fieldset", { "aria-describedby": about }, make("legend", {}, label),
      ...of.options.map((option) => make("label", {},
        make("input", { ...common, type, value: option.value, checked: chosen.includes(option.value) }), " ", ...words(option.text))),
      ...after);
  }
  return make("div", { class: "field" }, make("label", { for: id }, label), entry(of, value, { ...common, id }), ...after);
}

function entry(of, value, common) {
  if (of.options) {
    return make("select", common, make("option", { value: "" }, of.placeholder?.text || "Nothing chosen"),
      ...of.options.map((option) => make("option", { value: option.value, selected: value.selected_option?.value === option.value }, option.text.text)));
  }
  const limits = { maxlength: of.max_length, placeholder: of.placeholder?.text };
  if (of.multiline) return make("textarea", { ...common, ...limits, rows: 4 }, value.value || "");
  return make("input", { ...common, ...limits, value: value.value || value.selected_date || "", type: of.type === "datepicker" ? "date" : "text" });
}

function filledIn(form, modal) {
  const given = new FormData(form);
  const inputs = modal.blocks.filter((block) => block.type === "input");
  return Object.fromEntries(inputs.map((block) => {
    const several = ["checkboxes", "multi_static_select"].includes(block.element.type);
    return [block.block_id, several ? given.getAll(block.block_id) : given.get(block.block_id) || ""];
  }));
}

function drawModal(modals) {
  const dialog = $("modal");
  const modal = modals.at(-1);
  const now = JSON.stringify(modal || null);
  if (now === drawnModal) return;
  drawnModal = now;
  if (!modal) { dialog.close(); return; }
  const form = make("form", {},
    make("h2", { id: "modal-title", tabindex: "-1" }, modal.title),
    ...modal.blocks.map((block) => drawBlock(block, { on: "modal" }, modal)),
    make("div", { class: "buttons" },
      make("button", { type: "button", onclick: () => act({ act: "close" }) }, modal.close),
      modal.submit ? make("button", { class: "primary" }, modal.submit) : null));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    act({ act: "submit", values: filledIn(form, modal) });
  });
  dialog.replaceChildren(form);
  if (!dialog.open) dialog.showModal();
  (form.querySelector("[aria-invalid]") || form.querySelector("h2")).focus();
}

// --- the whole -----------------------------------------------------------------------------

function drawMessage(message) {
  const note = [message.only_you ? "Only visible to you" : "", message.edited ? "edited" : ""].filter(Boolean).join(", ");
  const where = { on: "message", ts: message.ts };
  const inside = message.blocks.length
    ? message.blocks.map((block) => drawBlock(block, where))
    : [make("p", { class: "text" }, ...mrkdwn(message.text))];
  return make("article", { class: message.only_you ? "only-you" : "", "aria-label": message.text || message.author },
    make("small", {}, [message.author, note].filter(Boolean).join(" · ")), ...inside,
    message.replies?.length ? thread(message) : null);
}

function thread(root) {
  const line = make("input", { "aria-label": "Reply", "data-key": `reply${root.ts}`, autocomplete: "off" });
  const form = make("form", {}, line, make("button", {}, "Reply"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    act({ act: "say", text: line.value, in_thread: root.ts });
  });
  return make("section", { "aria-label": "Thread" }, ...root.replies.map(drawMessage), form);
}

function drawSurface(sight) {
  if (tab === "home") {
    return sight.home ? sight.home.map((block) => drawBlock(block, { on: "home" })) : [make("p", {}, "Nothing here yet.")];
  }
  const channel = sight.channels.find((each) => each.id === tab);
  const messages = channel ? channel.messages : sight.messages;
  return messages.length ? messages.map(drawMessage) : [make("p", {}, "No messages yet.")];
}

function drawTabs(sight) {
  const all = [["messages", "Messages"], ["home", "Home"], ...sight.channels.map((each) => [each.id, `#${each.name}`])];
  const go = (id) => () => {
    tab = id;
    drawn = "";
    return id === "home" ? act({ act: "home" }) : look();
  };
  $("tabs").replaceChildren(...all.map(([id, name]) =>
    make("button", { role: "tab", "aria-selected": String(tab === id), "aria-controls": "surface", "data-key": `tab${id}`, onclick: go(id) }, name)));
}

async function look() {
  if (!who.user) return;
  const asked = who.user;
  const sight = await ask(`/page/sight?${new URLSearchParams(who)}`);
  if (asked !== who.user) return;
  const now = JSON.stringify([tab, sight.messages, sight.channels, sight.home]);
  if (now !== drawn) {
    redraw($("surface"), { first: !drawn, follow: tab !== "home" }, () => {
      drawTabs(sight);
      $("surface").replaceChildren(...drawSurface(sight));
    });
    drawn = now;
  }
  $("name").textContent = sight.name;
  drawModal(sight.modals);
}

function become(user) {
  Object.assign(who, { team: $("workspace").value, user: user.id });
  tab = "messages";
  drawn = drawnModal = "";
  $("outcome").textContent = "";
  document.querySelector("main").hidden = false;
  drawPeople();
  look().then(() => $("name").focus());
}

function drawPeople() {
  const team = world.workspaces.find((each) => each.id === $("workspace").value);
  const wanted = $("search").value.toLowerCase();
  const fitting = (team?.people || []).filter((each) => each.name.toLowerCase().includes(wanted));
  $("people").replaceChildren(...fitting.map((each) => make("li", {},
    make("button", { "aria-current": String(each.id === who.user), onclick: () => become(each) },
      each.name, " ", make("small", {}, each.note)))));
}

function onSubmit(id, what) {
  $(id).addEventListener("submit", (event) => {
    event.preventDefault();
    const { value } = event.target.elements.text;
    event.target.reset();
    act({ act: what, text: value });
  });
}

async function begin() {
  world = await ask("/page/people");
  $("workspace").replaceChildren(...world.workspaces.map((each) => make("option", { value: each.id }, each.name)));
  $("shortcuts").replaceChildren(...Object.entries(world.shortcuts).map(([name, callback]) =>
    make("button", { onclick: () => act({ act: "shortcut", callback }) }, name)));
  $("command").elements.text.placeholder = world.commands[0] || "";
  $("workspace").addEventListener("change", drawPeople);
  $("search").addEventListener("input", drawPeople);
  $("modal").addEventListener("cancel", (event) => { event.preventDefault(); act({ act: "close" }); });
  onSubmit("say", "say");
  onSubmit("command", "command");
  drawPeople();
  setInterval(look, EVERY_MS);
}

begin();
