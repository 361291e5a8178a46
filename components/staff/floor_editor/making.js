// New things: their sizes, the next free number, the area they stand in.

import { areaAt, freeSpot, middle, snapTo, SNAP_CM, tenth } from "./geometry.js";
import { newId } from "./steps.js";

export const TABLE_KINDS = {
  round: { shape: "round", width: 100, height: 100, seats: 2, table_type: "2_top" },
  square: { shape: "square", width: 110, height: 110, seats: 4, table_type: "4_top" },
  rectangle: { shape: "rectangle", width: 170, height: 110, seats: 6, table_type: "6_top" },
  oval: { shape: "oval", width: 200, height: 120, seats: 8, table_type: "large_party" },
  booth: { shape: "booth", width: 150, height: 120, seats: 4, table_type: "booth" },
  bar: { shape: "bar", width: 70, height: 70, seats: 1, table_type: "bar_stool" },
};
const SIZES = { area: [600, 400], wall: [300, 20], plant: [60, 60], text: [200, 40], picture: [800, 600] };

const listed = ({ order, items }) => order.map((id) => items[id]);

// One more than the highest of its kind: 12 after 11, B4 after B3.
export const nextNumber = (plan, prefix = "", used = []) => {
  const taken = new Set([...listed(plan).filter((i) => i.kind === "table").map((i) => i.number.toLowerCase()), ...used]);
  let highest = 0;
  for (const word of taken) {
    const digits = word.startsWith(prefix.toLowerCase()) ? word.slice(prefix.length) : "";
    if (/^\d{1,6}$/.test(digits)) highest = Math.max(highest, Number(digits));
  }
  return `${prefix}${highest + 1}`;
};

// "12" becomes "13", "B3" becomes "B4": a copy beside its original.
export const copiedNumber = (plan, number, used) => nextNumber(plan, /^\D*(?=\d+$)/.exec(number)?.[0] ?? "", used);

export const newTable = (plan, kind, at) => {
  const look = TABLE_KINDS[kind];
  const tables = listed(plan).filter((item) => item.kind === "table");
  const wish = { x: snapTo(at.x - look.width / 2, SNAP_CM), y: snapTo(at.y - look.height / 2, SNAP_CM) };
  const place = at.exactly ? wish : freeSpot({ ...look, ...wish }, tables);
  const item = {
    id: newId(), kind: "table", row_id: null, ...look, ...place,
    rotation: 0, number: nextNumber(plan, kind === "bar" ? "B" : ""), name: "", notes: "", locked: false,
  };
  return { ...item, area: areaAt(listed(plan), middle(item)) };
};

export const newArea = (plan, texts, box) => {
  const names = new Set(listed(plan).filter((i) => i.kind === "area").map((i) => i.name.toLowerCase()));
  let number = names.size + 1;
  while (names.has(`${texts.area} ${number}`.toLowerCase())) number += 1;
  return {
    id: newId(), kind: "area", row_id: null, outline: [], name: `${texts.area} ${number}`, description: "",
    area_type: "indoor", service_type: "full_service", capacity: null, hours: {}, features: [], locked: false, ...box,
  };
};

export const newThing = (plan, texts, kind, at) => {
  const [width, height] = SIZES[kind];
  const box = { x: snapTo(at.x - width / 2, SNAP_CM), y: snapTo(at.y - height / 2, SNAP_CM), width, height };
  if (kind === "area") return newArea(plan, texts, box);
  const item = { id: newId(), kind, ...box, rotation: 0, locked: false };
  return kind === "text" ? { ...item, text: texts.text } : item;
};

// Copies a little below and to the right, with numbers of their own, in the area they land in.
export const copies = (plan, items) => {
  const used = [];
  const names = new Map();
  const made = items.map((item) => {
    const { revs, ...kept } = item;
    const copy = { ...kept, id: newId(), x: tenth(item.x + 40), y: tenth(item.y + 40) };
    if ("row_id" in copy) copy.row_id = null;
    if (item.kind === "table") {
      copy.number = copiedNumber(plan, item.number, used);
      used.push(copy.number.toLowerCase());
    }
    if (item.kind === "area") {
      copy.name = newArea(plan, { area: item.name }, {}).name;
      names.set(item.id, copy.id);
    }
    return copy;
  });
  return made.map((copy) => {
    if (copy.kind !== "table") return copy;
    return { ...copy, area: names.get(copy.area) ?? areaAt(listed(plan), middle(copy)) ?? copy.area };
  });
};
