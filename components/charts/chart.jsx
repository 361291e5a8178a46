import { useEffect, useRef } from "react";
import Plotly from "plotly.js-basic-dist-min";

// One look for all charts, from the tokens of the page: they are read when drawn, and drawn again when the theme
// changes. Words, numbers and ticks come ready from the server, in the language and currency of the restaurant.
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const SERIES = ["chart-1", "chart-2", "chart-3", "chart-4", "chart-5"];
const GROUND = "rgba(0,0,0,0)";

const colour = (series, index) => (series.role === "before" ? token("chart-other") : token(SERIES[index % SERIES.length]));

const line = (series, index, labels) => {
  const ink = colour(series, index);
  const isBefore = series.role === "before";
  const last = series.values.length - 1;
  return {
    type: "scatter", mode: "lines+markers", name: series.name, x: labels, y: series.values, text: series.texts,
    hovertemplate: "%{text}<extra>%{fullData.name}</extra>", connectgaps: false,
    line: { color: ink, width: isBefore ? 1.5 : 3, dash: isBefore ? "dot" : "solid", shape: "linear" },
    marker: { color: ink, size: series.values.map((_, at) => (!isBefore && at === last ? 9 : 0)), line: { width: 0 } },
  };
};

const bar = (series, index, labels) => {
  const ink = colour(series, index);
  const isBefore = series.role === "before";
  return {
    type: "bar", name: series.name, x: labels, y: series.values, text: series.texts, textposition: "none",
    hovertemplate: "%{text}<extra>%{fullData.name}</extra>",
    marker: { color: isBefore ? GROUND : ink, line: { color: ink, width: isBefore ? 1.5 : 0 }, cornerradius: 4 },
  };
};

const traces = (figure) => figure.series.map((series, index) => (figure.kind === "line" ? line : bar)(series, index, figure.labels));

const layout = (figure, width) => {
  const every = Math.max(1, Math.ceil(figure.labels.length / Math.max(2, Math.floor(width / 64))));
  const shown = figure.labels.filter((_, index) => index % every === 0);
  const axis = { color: token("chart-axis"), fixedrange: true, zeroline: false, ticks: "" };
  return {
    autosize: true, height: 240, paper_bgcolor: GROUND, plot_bgcolor: GROUND,
    font: { family: token("ff-staff"), size: 12.5, color: token("chart-axis") },
    margin: { l: 60, r: 16, t: 12, b: 30 }, bargap: 0.35, barmode: figure.kind === "stack" ? "stack" : "group",
    showlegend: figure.series.length > 1, legend: { orientation: "h", x: 0, y: 1.16, font: { color: token("ink-2") } },
    hoverlabel: { bgcolor: token("ink"), bordercolor: token("ink"), font: { color: token("canvas"), family: token("ff-staff") } },
    xaxis: { ...axis, type: "category", showgrid: false, tickmode: "array", tickvals: shown, ticktext: shown, tickangle: 0 },
    yaxis: {
      ...axis, gridcolor: token("chart-grid"), range: [0, figure.ticks[figure.ticks.length - 1] * 1.04],
      tickmode: "array", tickvals: figure.ticks, ticktext: figure.tick_texts,
    },
  };
};

export function Chart({ figure, label }) {
  const box = useRef(null);
  useEffect(() => {
    const node = box.current;
    if (!node || !figure?.series) return undefined;
    const draw = () => Plotly.react(node, traces(figure), layout(figure, node.clientWidth), { displayModeBar: false, responsive: true });
    draw();
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", draw);
    const theme = new MutationObserver(draw);
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    // The typeface arrives after the first drawing.
    document.fonts?.ready.then(draw);
    const sizes = new ResizeObserver(draw);
    sizes.observe(node);
    return () => { dark.removeEventListener("change", draw); theme.disconnect(); sizes.disconnect(); Plotly.purge(node); };
  }, [figure]);
  return <div ref={box} className="plot" role="img" aria-label={label} />;
}
