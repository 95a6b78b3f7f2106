// What both kinds of chart share: the value axis, number formats, patterns and text widths.

import { freshId, svg } from "./dom.js";

export const TEXT = 13;

const numbers = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 2 });
export const shownNumber = (value) => numbers.format(value);

// A little too wide rather than too narrow: text is measured before it is drawn.
export const widthOf = (text) => Math.ceil(text.length * TEXT * 0.56);

// Bold words on as many lines as they need.
export function wrapped(words, width) {
  const lines = [];
  for (const word of words.split(" ")) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && widthOf(longer) * 1.12 <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

export function position(value, { low, high }, length) {
  const share = (value - low) / (high - low || 1);
  return Math.min(1, Math.max(0, share)) * length;
}

const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100];

// Round numbers from low to high, as many as fit at `apart` pixels; whole ones on a whole scale.
export function ticks({ low, high }, length, apart) {
  const most = Math.max(2, Math.floor(length / apart));
  const finest = Number.isInteger(low) && high - low >= 2 ? 1 : 0;
  const fits = (step) => step >= finest && (high - low) / step <= most;
  const step = STEPS.find(fits) ?? (high - low || 1);
  const count = Math.floor((high - low) / step + 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => low + index * step);
}

export function picture(chart, width, height, ...children) {
  const label = `Chart: ${chart.title}. The text below it says the same.`;
  const size = { width, height, viewBox: `0 0 ${width} ${height}` };
  return svg("svg", { ...size, role: "img", "aria-label": label }, ...children);
}

export function text(x, y, words, props = {}) {
  return svg("text", { x, y, "font-size": TEXT, ...props }, words);
}

// A fill of its own for each series, so that colour is never the only difference.
export function patterns(count) {
  const kinds = [solid, stripes, dots, checks, bands, hollow].slice(0, count);
  const made = kinds.map((kind, index) => {
    const id = freshId("pattern");
    const props = { id, width: 8, height: 8, patternUnits: "userSpaceOnUse", class: `series-${index}` };
    return { id, node: kind(props) };
  });
  return { defs: svg("defs", {}, made.map(({ node }) => node)), fills: made.map(({ id }) => `url(#${id})`) };
}

const paper = () => svg("rect", { width: 8, height: 8, class: "paper" });
const solid = (props) => svg("pattern", props, svg("rect", { width: 8, height: 8, class: "ink" }));
const stripes = (props) =>
  svg("pattern", { ...props, patternTransform: "rotate(45)" }, paper(),
    svg("rect", { width: 3, height: 8, class: "ink" }));
const dots = (props) =>
  svg("pattern", props, paper(), svg("circle", { cx: 4, cy: 4, r: 2, class: "ink" }));
const checks = (props) =>
  svg("pattern", props, paper(), svg("rect", { width: 4, height: 4, class: "ink" }),
    svg("rect", { x: 4, y: 4, width: 4, height: 4, class: "ink" }));
const bands = (props) =>
  svg("pattern", props, paper(), svg("rect", { width: 8, height: 3, class: "ink" }));
const hollow = (props) => svg("pattern", props, paper());
