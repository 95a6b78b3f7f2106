// Horizontal bars, grouped by category. Labels stand above their bars, so long ones stay readable
// on a phone; every bar says its own name and value.

import { svg } from "./dom.js";
import { patterns, picture, position, shownNumber, text, ticks, widthOf } from "./scale.js";

const BAR = 16;
const BAR_GAP = 5;
const LABEL = 22;
const GROUP_GAP = 16;
const AXIS = 24;
const BESIDE = 8;

export function drawBars(chart, width) {
  const plot = { width: width - margin(chart), low: chart.low, high: chart.high };
  const group = LABEL + chart.series.length * (BAR + BAR_GAP) + GROUP_GAP;
  const bottom = chart.categories.length * group;
  const { defs, fills } = patterns(chart.series.length);
  return picture(
    chart,
    width,
    bottom + AXIS + (chart.value_label ? LABEL : 0),
    defs,
    axis(chart, plot, bottom),
    chart.categories.map((category, index) =>
      svg("g", { transform: `translate(0 ${index * group})` },
        text(0, LABEL - 8, category, { class: "category" }),
        chart.series.map((series, which) =>
          bar(labelled(chart, series, index), series.values[index], plot, fills[which], which)),
      )),
  );
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

function bar(label, value, plot, fill, which) {
  const from = position(Math.max(0, plot.low), plot, plot.width);
  const to = value === null ? from : position(value, plot, plot.width);
  const y = LABEL + which * (BAR + BAR_GAP);
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
      svg("line", { x1: x, x2: x, y1: LABEL - 4, y2: bottom - GROUP_GAP / 2, class: "grid" }),
      text(x, bottom + 8, shownNumber(value), { class: "tick", "text-anchor": anchor }),
    ];
  });
  const name = chart.value_label ? text(0, bottom + AXIS + 6, chart.value_label, { class: "tick" }) : null;
  return svg("g", {}, marks, name);
}
