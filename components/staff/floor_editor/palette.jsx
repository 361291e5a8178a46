// What can be put on the plan: pressed it lands in the middle of the view, dragged where it is dropped.

import { Icon } from "./icon.jsx";

export const TABLES = ["round", "square", "rectangle", "oval", "booth", "bar"];
const THINGS = [["area", "square-dashed"], ["draw", "spline"], ["wall", "minus"], ["plant", "sprout"], ["text", "type"], ["picture", "image"]];

export const Palette = ({ texts, tool, onPick }) => {
  const grab = (kind) => (event) => event.dataTransfer.setData("text/smartmenu-kind", kind);
  return (
    <aside className="fe-palette" aria-label={texts.palette}>
      <h2>{texts.tables}</h2>
      <div>
        {TABLES.map((kind) => (
          <button key={kind} type="button" draggable="true" onDragStart={grab(kind)} onClick={() => onPick(kind)} data-testid={`floor-tool-${kind}`}>
            <i className={`fe-pic fe-s-${kind}`} />{texts[`shape_${kind}`]}
          </button>
        ))}
      </div>
      <h2>{texts.areas_room}</h2>
      <div>
        {THINGS.map(([kind, icon]) => (
          <button
            key={kind}
            type="button"
            draggable={kind !== "draw" && kind !== "picture"}
            onDragStart={grab(kind)}
            onClick={() => onPick(kind)}
            aria-pressed={kind === "draw" ? tool === "draw" : undefined}
            className={kind === "draw" && tool === "draw" ? "on" : ""}
            data-testid={`floor-tool-${kind}`}
          >
            <Icon name={icon} />{texts[kind]}
          </button>
        ))}
      </div>
      <p className="fe-hint">{texts.palette_help}</p>
    </aside>
  );
};
