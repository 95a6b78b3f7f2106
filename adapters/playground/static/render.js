// The parts of a message as elements: a bubble, a page or the introduction of a dialog.

import { chartFigure } from "./chart.js";
import { button, el } from "./dom.js";

const SAFE_LINK = /^(https:|tel:|sms:)/i;

// `heading` is the level that fits where the parts are put; `tapped(button, element)` hears taps.
export function renderParts(parts, { heading = 3, tapped }) {
  return parts.map((part) => renderers[part.type](part, { heading, tapped }));
}

const renderers = {
  heading: ({ text }, { heading }) => el(`h${heading}`, { class: "heading" }, text),
  paragraph: ({ text }) => el("p", {}, text),
  fine_print: ({ text }) => el("p", { class: "fine-print" }, text),
  items: ({ items }) => el("ul", { class: "items" }, items.map(renderItem)),
  buttons: ({ buttons }, { tapped }) =>
    el("div", { class: "buttons" }, buttons.map((each) => renderButton(each, tapped))),
  chart: (chart, { heading }) => chartFigure(chart, heading),
};

function renderItem({ label, text, url }) {
  const name = SAFE_LINK.test(url) ? link(label, url) : el("strong", {}, label);
  return el("li", {}, name, text ? el("span", { class: "item-text" }, text) : null);
}

function link(label, url) {
  const elsewhere = url.startsWith("https:");
  const props = elsewhere ? { target: "_blank", rel: "noopener noreferrer" } : {};
  return el("a", { href: url, ...props }, label);
}

function renderButton(described, tapped) {
  const shown = button(described.label, () => tapped(described, shown), {
    class: `button ${described.style}`,
  });
  return shown;
}
