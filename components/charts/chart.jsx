import { useEffect, useRef } from "react";
import Plotly from "plotly.js-basic-dist-min";

// One look for all charts, from the tokens of the page: they are read when drawn, and drawn again when the theme
// changes. Words, numbers and ticks come ready from the server, in the language and currency of the restaurant.
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const SERIES = ["chart-1", "chart-2", "chart-3", "chart-4", "chart-5"];
const GROUND = "rgba(0,0,0,0)";
const HOVER = "%{text}<extra>%{fullData.name}</extra>";

const tone = (series, index) =>
  series.role === "before" ? "chart-other" : series.role === "coming" ? SERIES[0] : SERIES[index % SERIES.length];
const colour = (series, index) => token(tone(series, index));

// The first colour is that of the first series itself, whatever ranges stand before it.
const place = (figure, index) => figure.series.slice(0, index).filter((one) => one.role === "main").length;

const last = (values) => values.reduce((found, value, at) => (value === null ? found : at), -1);

const line = (series, index, labels) => {
  const ink = colour(series, index);
  if (series.role === "low" || series.role === "high") {
    return {
      type: "scatter", mode: "lines", name: series.name, x: labels, y: series.values, text: series.texts, hovertemplate: HOVER,
      line: { width: 0, color: token("chart-1") }, fill: series.role === "high" ? "tonexty" : "none", fillcolor: token("chart-band"), showlegend: false,
    };
  }
  const isBefore = series.role === "before";
  const end = last(series.values);
  return {
    type: "scatter", mode: "lines+markers", name: series.name, x: labels, y: series.values, text: series.texts,
    hovertemplate: HOVER, connectgaps: false,
    line: { color: ink, width: isBefore ? 1.5 : 3, dash: isBefore ? "dot" : series.role === "coming" ? "dash" : "solid", shape: "linear" },
    marker: { color: ink, size: series.values.map((_, at) => (!isBefore && at === end ? 9 : 0)), line: { width: 0 } },
  };
};

const bar = (series, index, labels, isAcross) => {
  const ink = isAcross ? token("chart-3") : colour(series, index);
  const isBefore = series.role === "before";
  return {
    type: "bar", name: series.name, text: series.texts,
    ...(isAcross ? { orientation: "h", y: labels, x: series.values } : { x: labels, y: series.values }),
    textposition: isAcross && !isBefore ? "outside" : "none", cliponaxis: false, textfont: { color: token("ink") },
    hovertemplate: HOVER,
    marker: {
      color: isBefore ? GROUND : ink, cornerradius: 4,
      line: { color: isBefore ? token("chart-other") : ink, width: isBefore ? 1.5 : 0 },
    },
  };
};

const ring = (series, labels) => ({
  type: "pie", hole: 0.62, labels, values: series.values, text: series.texts, sort: false, direction: "clockwise",
  textinfo: "none", hovertemplate: "%{label}: %{text}<extra></extra>",
  marker: { colors: labels.map((_, at) => token(SERIES[at] || "chart-other")), line: { color: token("surface"), width: 2 } },
});

const traces = (figure) => {
  if (figure.kind === "ring") return [ring(figure.series[0], figure.labels)];
  if (figure.kind !== "line") {
    return figure.series.map((series, index) => bar(series, place(figure, index), figure.labels, figure.kind === "across"));
  }
  // A range lies behind the lines.
  const drawn = figure.series.map((series, index) => line(series, place(figure, index), figure.labels));
  const isRange = (_, index) => ["low", "high"].includes(figure.series[index].role);
  return [...drawn.filter(isRange), ...drawn.filter((one, index) => !isRange(one, index))];
};

const sizes = (figure, width) => {
  if (figure.kind === "ring") return { height: 184, margin: { l: 8, r: 8, t: 8, b: 8 } };
  if (figure.kind === "across") {
    const longest = Math.max(...figure.labels.map((label) => label.length));
    const rows = figure.labels.length * figure.series.length;
    return { height: Math.max(120, Math.min(30 * figure.labels.length + 12 * rows + 24, 900)),
      margin: { l: Math.min(width * 0.42, longest * 6.6 + 14), r: 64, t: 4, b: 12 } };
  }
  return { height: 266, margin: { l: 60, r: 16, t: 12, b: 36 } };
};

const cut = (label, width) => {
  const most = Math.floor((width * 0.42 - 14) / 6.6);
  return label.length > most ? `${label.slice(0, most - 1)}…` : label;
};

const layout = (figure, width) => {
  const longest = Math.max(0, ...figure.labels.map((label) => label.length));
  const room = Math.max(64, longest * 7 + 12);
  const every = Math.max(1, Math.ceil(figure.labels.length / Math.max(2, Math.floor((width - 76) / room))));
  const shown = figure.labels.filter((_, index) => index % every === 0);
  const axis = { color: token("chart-axis"), fixedrange: true, zeroline: false, ticks: "" };
  const { ticks } = figure;
  const named = {
    ...axis, type: "category", showgrid: false, tickmode: "array", tickangle: 0,
    tickvals: shown, ticktext: shown,
  };
  const counted = {
    ...axis, gridcolor: token("chart-grid"), range: [ticks[0] * 1.04, ticks[ticks.length - 1] * 1.04],
    tickmode: "array", tickvals: ticks, ticktext: figure.tick_texts,
  };
  // Clear of the lowest number of the other axis.
  const below = { ...named, ticklabelstandoff: 6 };
  const isAcross = figure.kind === "across";
  return {
    autosize: true, ...sizes(figure, width), paper_bgcolor: GROUND, plot_bgcolor: GROUND,
    font: { family: token("ff-staff"), size: 12.5, color: token("chart-axis") },
    bargap: 0.35, barmode: figure.kind === "stack" ? "stack" : "group",
    showlegend: false,
    hoverlabel: { bgcolor: token("ink"), bordercolor: token("ink"), font: { color: token("canvas"), family: token("ff-staff") } },
    xaxis: isAcross ? { ...counted, showgrid: false, showticklabels: false } : below,
    yaxis: isAcross
      ? { ...named, autorange: "reversed", tickvals: figure.labels, ticktext: figure.labels.map((one) => cut(one, width)) }
      : counted,
  };
};

// A click goes where the first cell of the row behind it leads.
const follow = (node, event) => {
  const at = event.points?.[0]?.pointNumber ?? event.points?.[0]?.i;
  const rows = node.closest(".chartbox")?.querySelectorAll("tbody tr");
  rows?.[at]?.querySelector("a")?.click();
};

// What each colour is. The drawing's own legend has no room on a phone and is left out there without a word.
function Keys({ figure }) {
  const shown = figure?.series?.filter((one) => !["low", "high"].includes(one.role)) || [];
  if (shown.length < 2 || figure.kind === "ring") return null;
  return (
    <ul className="chartkeys">
      {shown.map((one) => {
        const name = figure.kind === "across" && one.role === "main" ? "chart-3" : tone(one, place(figure, figure.series.indexOf(one)));
        return (
          <li key={one.name}>
            <i className={`${figure.kind === "line" ? "line" : "fill"} ${one.role}`} style={{ "--key": `var(--${name})` }} />
            {one.name}
          </li>
        );
      })}
    </ul>
  );
}

export function Chart({ figure, label }) {
  const box = useRef(null);
  useEffect(() => {
    const node = box.current;
    if (!node || !figure?.series) return undefined;
    let isBound = false;
    const draw = () => Promise.resolve(
      Plotly.react(node, traces(figure), layout(figure, node.clientWidth), { displayModeBar: false, responsive: true }),
    ).then(() => {
      if (isBound || !node.on) return;
      isBound = true;
      node.on("plotly_click", (event) => follow(node, event));
    }).catch((error) => {
      // Whoever leaves the page in the middle of a drawing misses nothing.
      if (node.isConnected) throw error;
    });
    draw();
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", draw);
    const theme = new MutationObserver(draw);
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    // The typeface arrives after the first drawing.
    document.fonts?.ready.then(draw);
    const sized = new ResizeObserver(draw);
    sized.observe(node);
    return () => { dark.removeEventListener("change", draw); theme.disconnect(); sized.disconnect(); Plotly.purge(node); };
  }, [figure]);
  return (
    <>
      <Keys figure={figure} />
      <div ref={box} className="plot" role="img" aria-label={label} />
    </>
  );
}
