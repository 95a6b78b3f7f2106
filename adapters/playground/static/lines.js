// Lines over time. Each has its own marker and dashes, and its name at its end.

import { svg } from "./dom.js";
import { picture, position, shownNumber, text, ticks, widthOf } from "./scale.js";

const HEIGHT = 200;
const TOP = 12;
const LEFT = 34;
const BOTTOM = 26;
const APART = 16;
const DASHES = ["", "7 4", "2 4", "10 4 2 4", "4 2", "12 6"];

export function drawLines(chart, width) {
  const right = Math.max(...chart.series.map(({ name }) => widthOf(name))) + 16;
  const plot = { width: width - LEFT - right, height: HEIGHT, low: chart.low, high: chart.high };
  const across = (index) => LEFT + (plot.width * index) / Math.max(1, chart.categories.length - 1);
  const down = (value) => TOP + HEIGHT - position(value, plot, HEIGHT);
  return picture(
    chart,
    width,
    TOP + HEIGHT + BOTTOM + (chart.value_label ? APART + 4 : 0),
    valueAxis(plot, down),
    categoryAxis(chart, plot, across),
    chart.series.map((series, which) => line(series, which, across, down)),
    names(chart, LEFT + plot.width + 10, down),
    chart.value_label
      ? text(0, TOP + HEIGHT + BOTTOM + APART, chart.value_label, { class: "tick" })
      : null,
  );
}

function valueAxis(plot, down) {
  return ticks(plot, HEIGHT, 32).map((value) => [
    svg("line", { x1: LEFT, x2: LEFT + plot.width, y1: down(value), y2: down(value), class: "grid" }),
    text(LEFT - 8, down(value) + 4, shownNumber(value), { class: "tick", "text-anchor": "end" }),
  ]);
}

function categoryAxis({ categories }, plot, across) {
  // The first begins where its point is, and so reaches further; the last always has its name.
  const widest = 1.5 * (Math.max(...categories.map(widthOf)) + 12);
  const every = Math.max(1, Math.ceil((widest * (categories.length - 1)) / plot.width));
  return categories.map((category, index) => {
    if ((categories.length - 1 - index) % every) return null;
    return text(across(index), TOP + HEIGHT + 20, category, {
      class: "tick",
      "text-anchor": index === 0 ? "start" : "middle",
    });
  });
}

// A gap in the values is a gap in the line.
function line({ values }, which, across, down) {
  const points = values.map((value, index) => value === null ? null : [across(index), down(value)]);
  const path = points
    .map((point, index) => point && `${points[index - 1] ? "L" : "M"}${point.join(" ")}`)
    .filter(Boolean)
    .join("");
  return svg("g", { class: `series-${which}` },
    svg("path", { d: path, class: "line", "stroke-dasharray": DASHES[which] }),
    points.filter(Boolean).map(([x, y]) => marker(which, x, y)));
}

const SHAPES = ["M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0", "M-5-5h10v10h-10z", "M0-6L6 5H-6z",
  "M0-6L6 0L0 6L-6 0z", "M0 6L6-5H-6z", "M-5-2h3v-3h4v3h3v4h-3v3h-4v-3h-3z"];

function marker(which, x, y) {
  return svg("path", { d: SHAPES[which], transform: `translate(${x} ${y})`, class: "marker" });
}

// Names that would lie on each other are moved apart.
function names({ series }, x, down) {
  const ends = series
    .map(({ name, values }) => ({ name, last: values.filter((value) => value !== null).at(-1) }))
    .filter(({ last }) => last !== undefined)
    .map(({ name, last }) => ({ name, y: down(last) + 4 }))
    .sort((one, other) => one.y - other.y);
  ends.forEach((end, index) => {
    if (index) end.y = Math.max(end.y, ends[index - 1].y + APART);
  });
  return ends.map(({ name, y }) => text(x, y, name, { class: "value" }));
}
