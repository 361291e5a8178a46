// The room itself. Places live here while something is dragged: nothing is sent before the drop.

import { Background, BackgroundVariant, ReactFlow, SelectionMode, ViewportPortal, applyNodeChanges, useReactFlow, useStore } from "@xyflow/react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { DrawArea } from "./draw.jsx";
import { Drawing } from "./drawing.js";
import { CELL_CM, SNAP_CM, areaAt, gaps, middle, settle, tenth } from "./geometry.js";
import { fill } from "./icon.jsx";
import { NODE_TYPES, labelOf } from "./nodes.jsx";
import { usePlan } from "./store.js";

const NEAR_PX = 7;
const NO_LINES = { lines: [], gaps: [] };

const toNode = (item, extra, before, isSelected) => {
  const same = before && before.data.item === item && before.data.problem === extra.problem &&
    before.data.single === extra.single && before.data.caption === extra.caption &&
    before.data.areaName === extra.areaName && before.selected === isSelected;
  if (same && before.position.x === item.x && before.position.y === item.y) return before;
  return {
    ...before,
    id: item.id,
    type: item.kind,
    position: { x: item.x, y: item.y },
    width: item.width,
    height: item.height,
    data: { item, ...extra },
    selected: isSelected,
    draggable: !item.locked,
    className: `fe-k-${item.kind}${item.locked ? " fe-locked" : ""}`,
    ariaLabel: labelOf(item, extra.texts, extra.areaName),
    zIndex: 0,
  };
};

export const Canvas = ({ store, texts, tool, setTool, magnet, onDropKind }) => {
  const plan = usePlan(store, (state) => state.plan);
  const problems = usePlan(store, (state) => state.problems);
  const selection = usePlan(store, (state) => state.selection);
  const ready = usePlan(store, (state) => state.ready);
  const [nodes, setNodes] = useState([]);
  const [lines, setLines] = useState(NO_LINES);
  const flow = useReactFlow();
  const drag = useRef(null);
  const mode = plan.settings.mode ?? "free";

  // -- the plan becomes nodes; unchanged ones stay the same objects ---------------------------------
  useEffect(() => {
    const wrong = new Set(problems.flatMap((problem) => problem.ids));
    const chosen = new Set(selection);
    const seats = {};
    for (const id of plan.order) {
      const item = plan.items[id];
      if (item.kind === "table" && item.area) seats[item.area] = (seats[item.area] ?? 0) + item.seats;
    }
    setNodes((before) => {
      const known = new Map(before.map((node) => [node.id, node]));
      return plan.order.map((id) => {
        const item = plan.items[id];
        const isSelected = chosen.has(id);
        const extra = {
          texts,
          problem: wrong.has(id),
          single: isSelected && chosen.size === 1,
          caption: item.kind === "area" && seats[id] ? fill(texts.seats_count, { count: seats[id] }) : "",
          areaName: item.area ? plan.items[item.area]?.name : "",
        };
        return toNode(item, extra, known.get(id), isSelected);
      });
    });
  }, [plan, problems, selection, texts]);

  useEffect(() => {
    if (ready && plan.order.length) requestAnimationFrame(() => flow.fitView({ padding: 0.08, maxZoom: 1.2 }));
    // Once a layout: later changes leave the view where the hand put it.
  }, [ready, store.state.layoutId]);

  // Steps with the arrow keys: shown before they are an operation.
  useEffect(() => {
    store.preview = (places) => setNodes((before) => before.map((node) => (places[node.id] ? { ...node, position: places[node.id] } : node)));
  }, [store]);

  // -- dragging -------------------------------------------------------------------------------------
  const onNodesChange = useCallback((changes) => {
    const picks = changes.filter((change) => change.type === "select");
    if (picks.length) {
      const chosen = new Set(store.state.selection);
      for (const { id, selected } of picks) chosen[selected ? "add" : "delete"](id);
      store.select([...chosen]);
    }
    // The drop itself is told with the hand's place: what was settled before it counts.
    let rest = changes
      .filter((change) => change.type === "position" || change.type === "dimensions")
      .map((change) => (change.dragging === false ? { ...change, position: undefined } : { ...change }));
    if (!rest.length) return;
    const moves = rest.filter((change) => change.type === "position" && change.dragging && change.position);
    if (moves.length && drag.current) rest = settled([...rest, ...follow(moves)]);
    setNodes((before) => applyNodeChanges(rest, before));
  }, [store]);

  // The tables of an area that is dragged come along.
  const follow = (moves) => {
    const moving = new Set(moves.map((change) => change.id));
    const { items, order } = store.state.plan;
    const more = [];
    for (const { id, position } of moves) {
      if (items[id]?.kind !== "area") continue;
      for (const member of order) {
        const item = items[member];
        if (item.area !== id || moving.has(member) || item.locked) continue;
        const place = { x: item.x + position.x - items[id].x, y: item.y + position.y - items[id].y };
        more.push({ id: member, type: "position", position: place, dragging: true });
        drag.current.also.add(member);
      }
    }
    return more;
  };

  // All that moves keeps its distances: what was grabbed comes to rest, the others by as much.
  const settled = (changes) => {
    const grabbed = drag.current;
    const first = grabbed && changes.find((change) => change.id === grabbed.id && change.type === "position" && change.dragging);
    if (!first) return changes;
    const { plan: now } = store.state;
    const item = now.items[grabbed.id];
    const moving = new Set(changes.map((change) => change.id));
    const others = item.kind === "table" ? grabbed.tables.filter((one) => !moving.has(one.id)) : [];
    const box = { x: first.position.x, y: first.position.y, width: item.width, height: item.height };
    const options = { mode: grabbed.mode, magnet: grabbed.magnet, reach: NEAR_PX / grabbed.zoom };
    const rest = settle(box, others, options);
    const away = { x: rest.x - box.x, y: rest.y - box.y };
    setLines({ lines: rest.lines, gaps: item.kind === "table" ? gaps({ ...box, ...rest }, others) : [] });
    for (const change of changes) {
      if (change.type === "position" && change.dragging && change.position) {
        change.position = { x: tenth(change.position.x + away.x), y: tenth(change.position.y + away.y) };
        grabbed.places[change.id] = change.position;
      }
    }
    return changes;
  };

  const onDragStart = useCallback((_event, node, all) => {
    const { plan: now } = store.state;
    const grabbed = node ?? all[0];
    drag.current = {
      id: grabbed.id,
      also: new Set(),
      places: {},
      zoom: flow.getZoom(),
      mode: now.settings.mode ?? "free",
      magnet,
      tables: now.order.map((id) => now.items[id]).filter((item) => item.kind === "table"),
    };
  }, [store, flow, magnet]);

  const onDragStop = useCallback(() => {
    const grabbed = drag.current;
    drag.current = null;
    setLines(NO_LINES);
    if (grabbed) drop(store, grabbed);
  }, [store]);
  const onSelectionDragStart = useCallback((event, all) => onDragStart(event, null, all), [onDragStart]);

  // -- turning and pulling --------------------------------------------------------------------------
  const drawing = useMemo(() => ({
    texts,
    store,
    turn: (id, degrees, isDone) => {
      if (isDone) store.change({ [id]: { rotation: degrees } });
      else setNodes((before) => before.map((node) => node.id === id
        ? { ...node, data: { ...node.data, item: { ...node.data.item, rotation: degrees } } } : node));
    },
    resized: (id, { x, y, width, height }) => {
      const box = { x: tenth(x), y: tenth(y), width: tenth(width), height: tenth(height) };
      store.change({ [id]: box });
    },
  }), [texts, store]);

  const labels = useMemo(() => ({
    "node.a11yDescription.default": texts.node_help,
    "node.a11yDescription.keyboardDisabled": texts.node_help,
    "edge.a11yDescription.default": "",
    "controls.ariaLabel": texts.zoom,
  }), [texts]);

  const isHand = tool === "hand";
  return (
    <Drawing.Provider value={drawing}>
      <div
        className={`fe-canvas${isHand ? " hand" : ""}`}
        data-testid="floor-canvas"
        data-mode={mode}
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => onDropKind(event)}
      >
        <ReactFlow
          nodes={nodes}
          edges={[]}
          nodeTypes={NODE_TYPES}
          onNodesChange={onNodesChange}
          onNodeDragStart={onDragStart}
          onNodeDragStop={onDragStop}
          onSelectionDragStart={onSelectionDragStart}
          onSelectionDragStop={onDragStop}
          selectionOnDrag={!isHand}
          selectionMode={SelectionMode.Full}
          panOnDrag={isHand ? [0, 1, 2] : [1, 2]}
          panOnScroll={false}
          nodesDraggable={!isHand}
          nodesConnectable={false}
          elevateNodesOnSelect={false}
          multiSelectionKeyCode={["Shift", "Meta", "Control"]}
          selectionKeyCode={null}
          deleteKeyCode={null}
          disableKeyboardA11y
          ariaLabelConfig={labels}
          aria-label={texts.canvas}
          minZoom={0.08}
          maxZoom={3}
          nodeDragThreshold={3}
          fitView
        >
          <Background
            variant={mode === "grid" ? BackgroundVariant.Lines : BackgroundVariant.Dots}
            gap={mode === "grid" ? CELL_CM : SNAP_CM * 4}
            size={2.4}
            color="var(--fe-dots)"
          />
          <ViewportPortal>
            <Lines {...lines} />
          </ViewportPortal>
        </ReactFlow>
        <Legible />
        {tool === "draw" && <DrawArea store={store} texts={texts} onDone={() => setTool("select")} />}
      </div>
    </Drawing.Provider>
  );
};

// Words and handles grow while the plan is small on the screen: numbers stay readable.
const Legible = () => {
  const scale = useStore((state) => Math.round(Math.min(1.8, Math.max(1, 0.9 / state.transform[2])) * 20) / 20);
  const mark = useRef(null);
  useEffect(() => mark.current.parentElement.style.setProperty("--fe-k", scale), [scale]);
  return <i ref={mark} hidden />;
};

// One operation a drop: new places, and the area a table now stands in.
const drop = (store, { places, also }) => {
  const { plan } = store.state;
  const items = plan.order.map((id) => plan.items[id]);
  const patches = {};
  for (const [id, { x, y }] of Object.entries(places)) {
    const item = plan.items[id];
    if (!item || (item.x === x && item.y === y)) continue;
    patches[id] = { x, y };
    if (item.kind !== "table" || also.has(id)) continue;
    const area = areaAt(items, middle({ ...item, x, y }));
    if (area && area !== item.area) patches[id].area = area;
  }
  store.change(patches);
};

const Lines = ({ lines, gaps: free }) => (
  <>
    {lines.map(({ axis, at, from, length }) => (
      <i
        key={axis}
        className={`fe-guide ${axis}`}
        style={axis === "x" ? { left: at, top: from, height: length } : { top: at, left: from, width: length }}
      />
    ))}
    {free.map(({ key, x, y, cm }) => (
      <span key={key} className="fe-gap num" style={{ left: x, top: y }}>{cm}</span>
    ))}
  </>
);
