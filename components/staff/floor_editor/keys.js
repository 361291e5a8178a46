// Everything without a mouse. Keys do nothing while somebody types into a field.

import { useEffect, useRef } from "react";
import { SNAP_CM, areaAt, middle } from "./geometry.js";
import { copies } from "./making.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const QUIET_MS = 350;
const REGIONS = [".fe-bar", ".fe-palette", ".fe-canvas", ".fe-side"];
const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog, [role=menu]");

export const actionsFor = (store, flow, texts) => {
  const chosen = () => store.state.selection.map((id) => store.state.plan.items[id]).filter(Boolean);
  const said = (was, text) => was && store.say(text);
  const duplicate = (items) => {
    if (!items.length) return;
    const made = copies(store.state.plan, items);
    store.commit([{ op: "add", items: made }]);
    store.select(made.map((item) => item.id));
  };
  return {
    undo: () => said(store.undoOne(), texts.undone),
    redo: () => said(store.redoOne(), texts.redone),
    duplicate: () => duplicate(chosen()),
    copy: () => {
      store.clipboard = chosen();
    },
    paste: () => duplicate(store.clipboard ?? []),
    remove: () => {
      const ids = chosen().filter((item) => !item.locked).map((item) => item.id);
      if (!ids.length) return;
      store.commit([{ op: "remove", ids }]);
      store.select([]);
      store.say(texts.removed);
    },
    all: () => store.select(store.state.plan.order.filter((id) => !store.state.plan.items[id].locked)),
    none: () => store.select([]),
    turn: (degrees) => {
      const items = chosen().filter((item) => item.rotation !== undefined && !item.locked);
      store.change(Object.fromEntries(items.map((i) => [i.id, { rotation: (i.rotation + degrees + 360) % 360 }])));
    },
    layer: (where) => {
      const { order, items } = store.state.plan;
      const picked = new Set(store.state.selection);
      const lifted = order.filter((id) => picked.has(id));
      const others = order.filter((id) => !picked.has(id));
      if (!lifted.length) return;
      let at = where === "front" ? others.length : 0;
      if (where === "up" || where === "down") {
        const edge = where === "up" ? order.lastIndexOf(lifted.at(-1)) + 1 : order.indexOf(lifted[0]) - 1;
        const beyond = order.slice(0, Math.max(0, edge)).filter((id) => !picked.has(id)).length;
        at = where === "up" ? Math.min(others.length, beyond + 1) : beyond;
      }
      if (where === "back" && lifted.some((id) => items[id].kind !== "picture")) {
        // Pictures to draw on stay below everything else.
        at = others.findIndex((id) => items[id].kind !== "picture");
        if (at < 0) at = others.length;
      }
      store.commit([{ op: "reorder", ids: [...others.slice(0, at), ...lifted, ...others.slice(at)] }]);
    },
    zoom: (by) => (by === 0 ? flow.fitView({ padding: 0.08 }) : by > 0 ? flow.zoomIn() : flow.zoomOut()),
  };
};

// F6 goes from the bar to the palette, the plan and the panel: a plan has more stops than Tab is for.
const nextRegion = (way) => {
  const here = REGIONS.findIndex((region) => document.activeElement?.closest(region));
  const to = here < 0 ? (way > 0 ? 0 : REGIONS.length - 1) : (here + way + REGIONS.length) % REGIONS.length;
  const stop = to === 2
    ? document.querySelector(".react-flow__node.selected") ?? document.querySelector(".react-flow__node")
    : document.querySelector(`${REGIONS[to]} :is(a, button:not(:disabled), input, select)`);
  stop?.focus();
};

export const useKeys = (store, actions, setTool) => {
  const walk = useRef(null);
  useEffect(() => {
    // Steps with the arrow keys are shown at once and become one operation when the hand rests.
    const settle = () => {
      const moved = walk.current;
      walk.current = null;
      if (!moved) return;
      const { plan } = store.state;
      const items = plan.order.map((id) => plan.items[id]);
      const patches = {};
      for (const [id, place] of Object.entries(moved.places)) {
        const item = plan.items[id];
        if (!item) continue;
        patches[id] = { ...place };
        const area = item.kind === "table" && !moved.members.has(id) && areaAt(items, middle({ ...item, ...place }));
        if (area && area !== item.area) patches[id].area = area;
      }
      store.change(patches);
    };
    const step = ([dx, dy], cm) => {
      const { plan, selection } = store.state;
      clearTimeout(walk.current?.timer);
      const picked = new Set(selection.filter((id) => !plan.items[id].locked));
      const members = new Set(plan.order.filter((id) => picked.has(plan.items[id].area) && !picked.has(id)));
      const before = walk.current?.places ?? {};
      const places = {};
      for (const id of [...picked, ...members]) {
        const from = before[id] ?? plan.items[id];
        places[id] = { x: from.x + dx * cm, y: from.y + dy * cm };
      }
      if (!Object.keys(places).length) return;
      walk.current = { places, members, timer: setTimeout(settle, QUIET_MS) };
      store.preview?.(places);
    };
    const focused = () => document.activeElement?.closest?.(".react-flow__node")?.dataset.id;
    const press = (event) => {
      if (event.key === "F6" && !event.target.closest?.("dialog")) {
        nextRegion(event.shiftKey ? -1 : 1);
        event.preventDefault();
      }
      if (isTyping(event.target) || event.defaultPrevented) return;
      const isCommand = event.ctrlKey || event.metaKey;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const here = focused();
      const arrow = ARROWS[key];
      if (arrow && !event.target.closest(".fe-side, .fe-palette, .fe-bar")) {
        if (here && !store.state.selection.includes(here)) store.select([here]);
        if (!store.state.selection.length) return;
        step(arrow, event.altKey ? 1 : event.shiftKey ? SNAP_CM * 5 : SNAP_CM);
      } else if ((key === "Enter" || key === " ") && here) {
        if (store.state.selection.length === 1 && store.state.selection[0] === here && key === "Enter") {
          document.querySelector(".fe-side input, .fe-side button")?.focus();
        } else {
          const { selection } = store.state;
          store.select(event.shiftKey || isCommand ? [...new Set([...selection, here])] : [here]);
        }
      } else if (isCommand && key === "z") {
        settle();
        actions[event.shiftKey ? "redo" : "undo"]();
      } else if (isCommand && key === "y") actions.redo();
      else if (isCommand && key === "d") actions.duplicate();
      else if (isCommand && key === "c") actions.copy();
      else if (isCommand && key === "v") actions.paste();
      else if (isCommand && key === "a") actions.all();
      else if (isCommand) return;
      else if (key === "Delete" || key === "Backspace") actions.remove();
      else if (key === "Escape") {
        setTool("select");
        actions.none();
      } else if (key === "r") actions.turn(event.shiftKey ? -15 : 15);
      else if (key === "]") actions.layer(event.altKey ? "front" : "up");
      else if (key === "[") actions.layer(event.altKey ? "back" : "down");
      else if (key === "+" || key === "=") actions.zoom(1);
      else if (key === "-") actions.zoom(-1);
      else if (key === "0") actions.zoom(0);
      else if (key === "v") setTool("select");
      else if (key === "h") setTool("hand");
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", press);
    addEventListener("pagehide", settle);
    return () => {
      removeEventListener("keydown", press);
      removeEventListener("pagehide", settle);
      settle();
    };
  }, [store, actions, setTool]);
};
