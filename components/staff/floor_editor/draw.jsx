// Drawing an area corner by corner: a click sets one, the first one or Enter closes the shape.

import { useReactFlow } from "@xyflow/react";
import { useEffect, useState } from "react";
import { SNAP_CM, boxed, crossesItself, snapTo } from "./geometry.js";
import { newArea } from "./making.js";

const CLOSE_PX = 14;

export const DrawArea = ({ store, texts, onDone }) => {
  const { screenToFlowPosition, flowToScreenPosition } = useReactFlow();
  const [corners, setCorners] = useState([]);
  const [tip, setTip] = useState(null);

  const close = (outline) => {
    if (outline.length < 3) return;
    if (crossesItself(outline)) {
      store.say(texts.crossing, "bad");
      return;
    }
    const item = newArea(store.state.plan, texts, boxed(outline));
    store.commit([{ op: "add", items: [item], at: areasBelow(store.state.plan) }]);
    store.select([item.id]);
    onDone();
  };

  const place = (event) => {
    const { x, y } = screenToFlowPosition({ x: event.clientX, y: event.clientY });
    return [snapTo(x, SNAP_CM), snapTo(y, SNAP_CM)];
  };
  const set = (event) => {
    event.preventDefault();
    const corner = place(event);
    if (corners.length >= 3) {
      const first = flowToScreenPosition({ x: corners[0][0], y: corners[0][1] });
      if (Math.hypot(first.x - event.clientX, first.y - event.clientY) < CLOSE_PX) {
        close(corners);
        return;
      }
    }
    const last = corners.at(-1);
    if (!last || last[0] !== corner[0] || last[1] !== corner[1]) setCorners([...corners, corner]);
  };

  useEffect(() => {
    const press = (event) => {
      if (event.key === "Enter") close(corners);
      else if (event.key === "Escape") onDone();
      else if (event.key === "Backspace") setCorners(corners.slice(0, -1));
      else return;
      event.preventDefault();
      event.stopPropagation();
    };
    addEventListener("keydown", press, true);
    return () => removeEventListener("keydown", press, true);
  });

  const frame = document.querySelector(".fe-canvas")?.getBoundingClientRect() ?? { x: 0, y: 0 };
  const onScreen = ([x, y]) => {
    const at = flowToScreenPosition({ x, y });
    return [at.x - frame.x, at.y - frame.y];
  };
  const shown = [...corners, ...(tip ? [tip] : [])].map(onScreen);
  return (
    <div
      className="fe-draw"
      data-testid="floor-draw"
      onPointerDown={set}
      onPointerMove={(event) => setTip(place(event))}
      onDoubleClick={() => close(corners)}
    >
      <svg width="100%" height="100%" aria-hidden="true">
        <polyline points={shown.map((point) => point.join(",")).join(" ")} />
        {corners.map(onScreen).map(([x, y], index) => (
          <circle key={index} cx={x} cy={y} r={index === 0 ? 8 : 5} />
        ))}
      </svg>
      <p role="status">{corners.length < 3 ? texts.draw_help : texts.draw_close}</p>
    </div>
  );
};

// New areas lie above older ones and below everything else.
const areasBelow = ({ order, items }) => order.findLastIndex((id) => items[id].kind === "area") + 1;
