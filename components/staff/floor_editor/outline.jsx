// The corners of a drawn area: each can be pulled or walked with the arrow keys; a dot between two
// makes another one, Delete takes one away.

import { useReactFlow } from "@xyflow/react";
import { useContext, useRef, useState } from "react";
import { Drawing } from "./drawing.js";
import { SNAP_CM, boxed, corners, crossesItself, snapTo } from "./geometry.js";
import { fill } from "./icon.jsx";

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export const OutlineHandles = ({ item }) => {
  const { texts, store } = useContext(Drawing);
  const { screenToFlowPosition } = useReactFlow();
  const [moving, setMoving] = useState(null);
  const pulled = useRef(null);
  const outline = moving ?? corners(item);

  const save = (next) => {
    setMoving(null);
    pulled.current = null;
    if (next.length < 3 || crossesItself(next)) store.say(texts.crossing, "bad");
    else store.change({ [item.id]: boxed(next) });
  };
  const at = (event) => {
    const { x, y } = screenToFlowPosition({ x: event.clientX, y: event.clientY });
    return [snapTo(x, SNAP_CM), snapTo(y, SNAP_CM)];
  };
  const start = (index, isNew) => (event) => {
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    const base = corners(item);
    pulled.current = { index, base: isNew ? base.toSpliced(index, 0, at(event)) : base };
  };
  const move = (event) => {
    if (!pulled.current) return;
    const { index, base } = pulled.current;
    pulled.current.next = base.with(index, at(event));
    setMoving(pulled.current.next);
  };
  const end = () => {
    if (pulled.current?.next) save(pulled.current.next);
    pulled.current = null;
  };
  const press = (index) => (event) => {
    const step = STEPS[event.key];
    if (step) {
      const [x, y] = outline[index];
      save(outline.with(index, [x + step[0] * SNAP_CM, y + step[1] * SNAP_CM]));
    } else if (event.key === "Delete" || event.key === "Backspace") save(outline.toSpliced(index, 1));
    else if (event.key === "Enter" || event.key === " ") {
      const [[ax, ay], [bx, by]] = [outline[index], outline[(index + 1) % outline.length]];
      save(outline.toSpliced(index + 1, 0, [snapTo((ax + bx) / 2, SNAP_CM), snapTo((ay + by) / 2, SNAP_CM)]));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const place = ([x, y]) => ({ left: x - item.x, top: y - item.y });

  return (
    <>
      {moving && (
        <svg className="fe-ghost" width={item.width} height={item.height}>
          <polygon points={moving.map(([x, y]) => `${x - item.x},${y - item.y}`).join(" ")} />
        </svg>
      )}
      {outline.map((corner, index) => (
        <button
          key={index}
          type="button"
          className="fe-corner nodrag nopan"
          style={place(corner)}
          aria-label={fill(texts.corner, { number: index + 1 })}
          data-testid="floor-corner"
          onPointerDown={start(index, false)}
          onPointerMove={move}
          onPointerUp={end}
          onPointerCancel={end}
          onKeyDown={press(index)}
        />
      ))}
      {!moving && outline.map(([x, y], index) => {
        const [nx, ny] = outline[(index + 1) % outline.length];
        return (
          <span
            key={`m${index}`}
            className="fe-between nodrag nopan"
            style={place([(x + nx) / 2, (y + ny) / 2])}
            aria-hidden="true"
            onPointerDown={start(index + 1, true)}
            onPointerMove={move}
            onPointerUp={end}
            onPointerCancel={end}
          />
        );
      })}
    </>
  );
};
