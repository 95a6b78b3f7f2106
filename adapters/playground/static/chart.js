// A chart as a picture with its title above and its text equivalent below.

import { drawBars } from "./bars.js";
import { el } from "./dom.js";
import { drawLines } from "./lines.js";

const NARROWEST = 220;

export function chartFigure(chart, heading) {
  const canvas = el("div", { class: "canvas" });
  drawToFit(canvas, chart.kind === "line" ? drawLines : drawBars, chart);
  return el(
    "figure",
    { class: "chart" },
    el("figcaption", {}, el(`h${Math.min(6, heading + 1)}`, { class: "chart-title" }, chart.title)),
    canvas,
    el("p", { class: "chart-text" }, chart.text),
  );
}

// Drawn again for each width, so that its words stay as large as those around it.
function drawToFit(canvas, draw, chart) {
  let drawn = 0;
  new ResizeObserver(([{ contentRect }]) => {
    const width = Math.max(NARROWEST, Math.floor(contentRect.width));
    if (!contentRect.width || width === drawn) return;
    drawn = width;
    canvas.replaceChildren(draw(chart, width));
  }).observe(canvas);
}
