// Horizontal bars, grouped by category. Labels stand above their bars, so long ones stay readable
// on a phone; every bar says its own name and value. A range is one bar between its two ends: a bar
// for each would read as two results.

import { svg } from "./dom.js";
import { patterns, picture, position, shownNumber, text, ticks, widthOf, wrapped } from "./scale.js";

const BAR = 16;
const BAR_GAP = 5;
const LINE = 17;
const LABEL_GAP = 7;
const GROUP_GAP = 16;
const AXIS = 24;
const BESIDE = 8;

export function drawBars(chart, width) {
  const plot = { width: width - margin(chart), low: chart.low, high: chart.high };
  const groups = layOut(chart, width);
  const bottom = groups.at(-1).end;
  const { defs, fills } = patterns(rowsOf(chart, 0).length);
  return picture(
    chart,
    width,
    bottom + AXIS + (chart.value_label ? LINE + 4 : 0),
    defs,
    axis(chart, plot, bottom),
    groups.map(({ lines, top, bars }, index) => [
      lines.map((line, each) => text(0, top + (each + 1) * LINE - 4, line, { class: "category" })),
      rowsOf(chart, index).map((row, which) =>
        bar(row, plot, { y: bars + which * (BAR + BAR_GAP), fill: fills[which], which })),
    ]),
  );
}

// Where each category's label and bars are, from top to bottom.
function layOut(chart, width) {
  let top = 0;
  return chart.categories.map((category, index) => {
    const lines = wrapped(category, width);
    const bars = top + lines.length * LINE + LABEL_GAP - 4;
    const group = { lines, top, bars, end: bars + rowsOf(chart, index).length * (BAR + BAR_GAP) + GROUP_GAP };
    top = group.end;
    return group;
  });
}

function margin(chart) {
  const rows = chart.categories.flatMap((_, index) => rowsOf(chart, index));
  return Math.max(...rows.map(({ label }) => widthOf(label))) + BESIDE;
}

// The bars of a category, each with its ends and what it says. `from` is undefined where a bar
// begins at the bottom of the scale, and `to` is null where there is nothing to draw.
function rowsOf({ kind, series }, index) {
  const values = series.map((each) => each.values[index]);
  if (kind !== "range") {
    return values.map((to, which) => ({
      to, label: series.length > 1 ? `${series[which].name} ${shown(to)}` : shown(to) }));
  }
  const [from, to] = values;
  return from === null || to === null
    ? [{ to: null, label: shown(null) }]
    : [{ from, to, label: `${shown(from)} – ${shown(to)}` }];
}

const shown = (value) => value === null ? "–" : shownNumber(value);

function bar({ from, to, label }, plot, { y, fill, which }) {
  const start = position(from ?? Math.max(0, plot.low), plot, plot.width);
  const end = to === null ? start : position(to, plot, plot.width);
  const size = {
    x: Math.min(start, end), y, width: Math.max(2, Math.abs(end - start)), height: BAR, rx: 3 };
  return [
    to === null ? null : svg("rect", { ...size, fill, class: `mark series-${which}` }),
    text(Math.max(start, end) + BESIDE, y + BAR - 3, label, { class: "value" }),
  ];
}

function axis(chart, plot, bottom) {
  const marks = ticks(plot, plot.width, 32).map((value) => {
    const x = position(value, plot, plot.width);
    const anchor = x === 0 ? "start" : "middle";
    return [
      svg("line", { x1: x, x2: x, y1: LINE, y2: bottom - GROUP_GAP / 2, class: "grid" }),
      text(x, bottom + 8, shownNumber(value), { class: "tick", "text-anchor": anchor }),
    ];
  });
  const name = chart.value_label ? text(0, bottom + AXIS + 6, chart.value_label, { class: "tick" }) : null;
  return svg("g", {}, marks, name);
}
