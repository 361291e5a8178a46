// How things look on the canvas. A node is drawn anew only when its own item changes.

import { NodeResizer } from "@xyflow/react";
import { memo, useContext, useMemo, useRef } from "react";
import { Drawing } from "./drawing.js";
import { chairs } from "./geometry.js";
import { Icon, fill } from "./icon.jsx";
import { OutlineHandles } from "./outline.jsx";

const LEAST = { table: 20, area: 50, wall: 5, plant: 10, text: 20, picture: 20 };

const Frame = ({ item, selected, single, children }) => {
  const { texts, resized } = useContext(Drawing);
  const turned = { transform: item.rotation ? `rotate(${item.rotation}deg)` : undefined };
  // Handles pull along the screen's axes: they fit what stands straight.
  const isStraight = !item.rotation || item.rotation % 180 === 0;
  const mayResize = selected && single && isStraight && !item.locked && !item.outline?.length;
  return (
    <>
      {mayResize && (
        <NodeResizer
          minWidth={LEAST[item.kind]}
          minHeight={LEAST[item.kind]}
          keepAspectRatio={item.kind === "picture"}
          lineClassName="fe-line"
          handleClassName="fe-handle"
          onResizeEnd={(_, box) => resized(item.id, box)}
        />
      )}
      <div className="fe-turned" style={turned}>
        {children}
        {selected && single && item.rotation !== undefined && !item.locked && <TurnHandle item={item} label={texts.turn} />}
      </div>
    </>
  );
};

const TurnHandle = ({ item, label }) => {
  const { turn } = useContext(Drawing);
  const grip = useRef(null);
  const start = (event) => {
    event.stopPropagation();
    const node = event.currentTarget.closest(".react-flow__node").getBoundingClientRect();
    const middle = { x: node.x + node.width / 2, y: node.y + node.height / 2 };
    grip.current = { middle, degrees: item.rotation };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const move = (event) => {
    if (!grip.current) return;
    const { middle } = grip.current;
    const angle = (Math.atan2(event.clientY - middle.y, event.clientX - middle.x) * 180) / Math.PI + 90;
    // Fifteen degrees at a time; freely with Shift.
    const step = event.shiftKey ? 1 : 15;
    grip.current.degrees = ((Math.round(angle / step) * step) % 360 + 360) % 360;
    turn(item.id, grip.current.degrees, false);
  };
  const end = () => {
    if (grip.current) turn(item.id, grip.current.degrees, true);
    grip.current = null;
  };
  return (
    <span
      className="fe-grip nodrag nopan"
      title={label}
      aria-hidden="true"
      data-testid="floor-turn"
      onPointerDown={start}
      onPointerMove={move}
      onPointerUp={end}
      onPointerCancel={end}
    >
      <Icon name="rotate-cw" size="18" />
    </span>
  );
};

const Chairs = memo(({ item }) => {
  const spots = useMemo(() => chairs(item), [item.shape, item.seats, item.width, item.height]);
  return spots.map(([x, y, angle], index) => (
    <i
      key={index}
      className="fe-chair"
      style={{ left: `calc(50% + ${x - 11}px)`, top: `calc(50% + ${y - 4.5}px)`, transform: `rotate(${angle}deg)` }}
    />
  ));
});

const TableNode = memo(({ data: { item, problem, single }, selected }) => (
  <Frame item={item} selected={selected} single={single}>
    <Chairs item={item} />
    <div
      className={`fe-table fe-s-${item.shape}${selected ? " sel" : ""}${problem ? " wrong" : ""}`}
      data-testid="floor-node"
      data-table={item.number}
      data-kind="table"
    >
      <span className="fe-words" style={{ transform: item.rotation ? `rotate(${-item.rotation}deg)` : undefined }}>
        <b className="num">{item.number}</b>
        {item.shape !== "bar" && Math.min(item.width, item.height) >= 60 && (
          <small className="num"><Icon name="users" size="14" />{item.seats}</small>
        )}
      </span>
      {problem && <span className="fe-mark"><Icon name="triangle-alert" size="14" /></span>}
    </div>
  </Frame>
));

const AreaNode = memo(({ data: { item, problem, single, caption }, selected }) => {
  const outline = item.outline?.length
    ? item.outline
    : [[0, 0], [item.width, 0], [item.width, item.height], [0, item.height]];
  const isDrawn = item.outline?.length > 0;
  return (
    <Frame item={item} selected={selected} single={single}>
      <svg
        className={`fe-area fe-a-${item.area_type}${selected ? " sel" : ""}${problem ? " wrong" : ""}`}
        width={item.width}
        height={item.height}
        data-testid="floor-node"
        data-area={item.name}
        data-kind="area"
      >
        {isDrawn ? (
          <polygon points={outline.map((corner) => corner.join(",")).join(" ")} />
        ) : (
          <rect x="1" y="1" width={Math.max(1, item.width - 2)} height={Math.max(1, item.height - 2)} rx="22" />
        )}
      </svg>
      <span className="fe-name">{item.name}<small>{caption}</small></span>
      {selected && single && isDrawn && !item.locked && <OutlineHandles item={item} />}
    </Frame>
  );
});

const WallNode = memo(({ data: { item, single }, selected }) => (
  <Frame item={item} selected={selected} single={single}>
    <div className={`fe-wall${selected ? " sel" : ""}`} data-testid="floor-node" data-kind="wall" />
  </Frame>
));

const PlantNode = memo(({ data: { item, single }, selected }) => (
  <Frame item={item} selected={selected} single={single}>
    <div className={`fe-plant${selected ? " sel" : ""}`} data-testid="floor-node" data-kind="plant"><Icon name="sprout" /></div>
  </Frame>
));

const TextNode = memo(({ data: { item, single }, selected }) => (
  <Frame item={item} selected={selected} single={single}>
    <div
      className={`fe-text${selected ? " sel" : ""}`}
      style={{ fontSize: Math.max(10, Math.min(item.height * 0.6, 96)) }}
      data-testid="floor-node"
      data-kind="text"
    >
      {item.text}
    </div>
  </Frame>
));

const PictureNode = memo(({ data: { item, single }, selected }) => (
  <Frame item={item} selected={selected} single={single}>
    <img
      className={`fe-picture${selected ? " sel" : ""}`}
      src={`/${item.file}`}
      alt=""
      draggable="false"
      style={{ opacity: item.opacity / 100 }}
      data-testid="floor-node"
      data-kind="picture"
    />
  </Frame>
));

export const NODE_TYPES = {
  table: TableNode,
  area: AreaNode,
  wall: WallNode,
  plant: PlantNode,
  text: TextNode,
  picture: PictureNode,
};

// What a screen reader says of an item.
export const labelOf = (item, texts, areaName) => {
  if (item.kind === "table") {
    const words = [fill(texts.label_table, { number: item.number }), fill(texts.label_seats, { count: item.seats })];
    return [...words, areaName, item.locked && texts.locked].filter(Boolean).join(", ");
  }
  if (item.kind === "area") return fill(texts.label_area, { name: item.name });
  return [texts[item.kind], item.text].filter(Boolean).join(": ");
};
