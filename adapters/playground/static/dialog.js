// Notices and forms, which only the person who acted sees, as modal dialogs.

import { button, el, freshId } from "./dom.js";
import { makeField } from "./fields.js";
import { renderParts } from "./render.js";

// Opens a dialog and resolves once it is closed. `back()` is where the focus goes then, if what had
// it before is gone: a browser gives it back by itself, and they may have gone on since.
function open(dialog, back) {
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (document.activeElement === document.body) back()?.focus();
      resolve();
    });
  });
}

export function showNotice(message, { name, back, tapped }) {
  const [first, ...rest] = message.parts;
  const titled = first?.type === "heading";
  const title = titled ? el("h2", { id: freshId("title"), tabindex: "-1" }, first.text) : null;
  const labelled = title ? { "aria-labelledby": title.id } : { "aria-label": message.summary };
  const close = button("Close", () => dialog.close(), { class: "button primary", autofocus: true });
  const dialog = el("dialog", { class: "dialog", ...labelled },
    privately(name),
    title,
    el("div", { class: "body" }, renderParts(titled ? rest : message.parts, passing(tapped))),
    el("div", { class: "actions" }, close));
  // A tap in the notice closes it first: what follows takes its place.
  function passing(on) {
    return { heading: 3, tapped: (...what) => { dialog.close(); on(...what); } };
  }
  return open(dialog, back);
}

// `send(fields)` resolves to the server's reply; errors keep the form open with what was filled in.
export function showForm(form, { name, back, tapped, send }) {
  const title = el("h2", { id: freshId("title"), tabindex: "-1", autofocus: true }, form.title);
  const fields = form.fields.map(makeField);
  const problem = el("p", { class: "error", role: "alert", hidden: true });
  const close = () => dialog.close();
  const submit = form.submit
    ? el("button", { type: "submit", class: "button primary" }, form.submit)
    : null;
  const page = el("form", { novalidate: true, onsubmit },
    privately(name),
    title,
    el("div", { class: "body" },
      renderParts(form.intro, { heading: 3, tapped: (...what) => { close(); tapped(...what); } }),
      fields.map(({ node }) => node)),
    problem,
    el("div", { class: "actions" },
      button(form.cancel || "Close", close, { class: `button ${submit ? "plain" : "primary"}` }),
      submit));
  const dialog = el("dialog", { class: "dialog", "aria-labelledby": title.id }, page);

  async function onsubmit(event) {
    event.preventDefault();
    if (!submit || submit.getAttribute("aria-disabled") === "true") return;
    submit.setAttribute("aria-disabled", "true");
    try {
      const filled = fields.map((field) => [field.name, field.value()]);
      await answered(await send(Object.fromEntries(filled)));
    } catch (error) {
      complain(error.message);
    } finally {
      submit.removeAttribute("aria-disabled");
    }
  }

  async function answered({ errors, follow }) {
    for (const field of fields) field.fail(errors[field.name] ?? "");
    const known = fields.filter(({ name: each }) => errors[each]);
    const general = Object.keys(errors).filter((each) => !fields.some((field) => field.name === each));
    complain(general.map((each) => errors[each]).join(" "));
    known[0]?.focus();
    if (Object.keys(errors).length) return;
    dialog.close();
    follow();
  }

  function complain(sentence) {
    problem.textContent = sentence;
    problem.hidden = !sentence;
  }

  return open(dialog, back);
}

export function showDialog(titled, body, back) {
  const title = el("h2", { id: freshId("title"), tabindex: "-1" }, titled);
  const close = button("Close", () => dialog.close(), { class: "button plain" });
  const dialog = el("dialog", { class: "dialog", "aria-labelledby": title.id },
    title, el("div", { class: "body" }, body), el("div", { class: "actions" }, close));
  open(dialog, back);
  return dialog;
}

const privately = (name) => el("p", { class: "private" }, `Only ${name} sees this`);
