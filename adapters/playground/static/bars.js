// Horizontal bars, grouped by category. Labels stand above their bars, so long ones stay readable
// on a phone; every bar says its own name and value.

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
  const { defs, fills } = patterns(chart.series.length);
  return picture(
    chart,
    width,
    bottom + AXIS + (chart.value_label ? LINE + 4 : 0),
    defs,
    axis(chart, plot, bottom),
    groups.map(({ lines, top, bars }, index) => [
      lines.map((line, each) => text(0, top + (each + 1) * LINE - 4, line, { class: "category" })),
      chart.series.map((series, which) =>
        bar(labelled(chart, series, index), series.values[index], plot, {
          y: bars + which * (BAR + BAR_GAP), fill: fills[which], which })),
    ]),
  );
}

// Where each category's label and bars are, from top to bottom.
function layOut({ categories, series }, width) {
  let top = 0;
  return categories.map((category) => {
    const lines = wrapped(category, width);
    const bars = top + lines.length * LINE + LABEL_GAP - 4;
    const group = { lines, top, bars, end: bars + series.length * (BAR + BAR_GAP) + GROUP_GAP };
    top = group.end;
    return group;
  });
}

function margin(chart) {
  const labels = chart.series.flatMap((series) =>
    chart.categories.map((_, index) => labelled(chart, series, index)));
  return Math.max(...labels.map(widthOf)) + BESIDE;
}

function labelled(chart, { name, values }, index) {
  const value = values[index] === null ? "–" : shownNumber(values[index]);
  return chart.series.length > 1 ? `${name} ${value}` : value;
}

function bar(label, value, plot, { y, fill, which }) {
  const from = position(Math.max(0, plot.low), plot, plot.width);
  const to = value === null ? from : position(value, plot, plot.width);
  const size = { x: Math.min(from, to), y, width: Math.max(2, Math.abs(to - from)), height: BAR, rx: 3 };
  return [
    value === null ? null : svg("rect", { ...size, fill, class: `mark series-${which}` }),
    text(Math.max(from, to) + BESIDE, y + BAR - 3, label, { class: "value" }),
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
