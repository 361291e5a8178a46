// Places and shapes on the plan, in centimetres. Pure: the same in a test and on the canvas.
// What the server decides (services/layouts) is only foreseen here, to show it while a hand moves.

export const SNAP_CM = 10;
export const CELL_CM = 60;
const CHAIR_GAP = 6;
const CHAIR_DEPTH = 9;
const ROUND = new Set(["round", "oval"]);

export const middle = (item) => ({ x: item.x + item.width / 2, y: item.y + item.height / 2 });
export const snapTo = (value, step) => Math.round(value / step) * step;
export const tenth = (value) => Math.round(value * 10) / 10;

export const corners = (area) =>
  area.outline?.length
    ? area.outline.map(([x, y]) => [area.x + x, area.y + y])
    : [[area.x, area.y], [area.x + area.width, area.y], [area.x + area.width, area.y + area.height], [area.x, area.y + area.height]];

// Even-odd rule.
export const holds = (outline, { x, y }) => {
  let inside = false;
  for (let i = 0, j = outline.length - 1; i < outline.length; j = i, i += 1) {
    const [ax, ay] = outline[i];
    const [bx, by] = outline[j];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
};

// The highest area under a point, or null.
export const areaAt = (items, point) =>
  items.findLast((item) => item.kind === "area" && holds(corners(item), point))?.id ?? null;

const turn = (a, b, c) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

// Whether two sides of a closed outline cross.
export const crossesItself = (outline) => {
  const count = outline.length;
  for (let i = 0; i < count; i += 1) {
    for (let j = i + 2; j < count; j += 1) {
      if (i === 0 && j === count - 1) continue;
      const [a, b, c, d] = [outline[i], outline[(i + 1) % count], outline[j], outline[(j + 1) % count]];
      if (turn(a, b, c) * turn(a, b, d) <= 0 && turn(c, d, a) * turn(c, d, b) <= 0) return true;
    }
  }
  return false;
};

// An outline on the plan as an area keeps it: a rectangle around it, and corners from its top left.
export const boxed = (outline) => {
  const xs = outline.map(([x]) => x);
  const ys = outline.map(([, y]) => y);
  const x = tenth(Math.min(...xs));
  const y = tenth(Math.min(...ys));
  const inner = outline.map(([px, py]) => [tenth(px - x), tenth(py - y)]);
  return {
    x,
    y,
    width: tenth(Math.max(...inner.map(([px]) => px))),
    height: tenth(Math.max(...inner.map(([, py]) => py))),
    outline: inner,
  };
};

// As services/floor/layout.py: x, y from the middle of the table, and the chair's own turn.
export const chairs = (table) => {
  const { shape, seats, width, height } = table;
  if (shape === "bar" || shape === "stool") return [];
  const away = CHAIR_GAP + CHAIR_DEPTH / 2;
  if (ROUND.has(shape)) {
    const start = seats <= 2 ? -90 : -90 + 180 / seats;
    return Array.from({ length: Math.min(seats, 40) }, (_, index) => {
      const angle = ((start + (index * 360) / seats) * Math.PI) / 180;
      const [across, down] = [Math.cos(angle), Math.sin(angle)];
      const edge = (Math.atan2(down / height, across / width) * 180) / Math.PI;
      return [across * (width / 2 + away), down * (height / 2 + away), edge + 90];
    });
  }
  return alongSides(table, away);
};

// Both long sides evenly, one at each end from four seats on; a booth has no ends.
const alongSides = ({ shape, seats, width, height }, away) => {
  const upright = height > width;
  const [length, depth] = upright ? [height, width] : [width, height];
  const ends = shape === "booth" || seats < 3 ? 0 : seats === 3 ? 1 : 2;
  const far = Math.floor((seats - ends + 1) / 2);
  const evenly = (count) => Array.from({ length: count }, (_, i) => ((i + 1) * length) / (count + 1) - length / 2);
  const spots = [
    ...evenly(far).map((x) => [x, -depth / 2 - away, 0]),
    ...evenly(seats - ends - far).map((x) => [x, depth / 2 + away, 0]),
    ...[-1, 1].slice(0, ends).map((side) => [side * (length / 2 + away), 0, 90]),
  ];
  return upright ? spots.map(([x, y, angle]) => [y, x, angle + 90]) : spots;
};

// Where a moving box comes to rest: on the grid, or on a line of another table when one is near.
export const settle = (box, others, { mode, magnet, reach }) => {
  if (mode === "grid") {
    const x = snapTo(box.x + box.width / 2, CELL_CM) - box.width / 2;
    return { x, y: snapTo(box.y + box.height / 2, CELL_CM) - box.height / 2, lines: [] };
  }
  const place = { x: snapTo(box.x, SNAP_CM), y: snapTo(box.y, SNAP_CM), lines: [] };
  if (!magnet) return place;
  for (const [axis, side] of [["x", "width"], ["y", "height"]]) {
    let best = reach;
    for (const other of others) {
      // Edge on edge and middle on middle: other lines only confuse.
      for (const part of [0.5, 0, 1]) {
        const line = other[axis] + other[side] * part;
        const away = Math.abs(box[axis] + box[side] * part - line);
        if (away < best) {
          best = away;
          place[axis] = line - box[side] * part;
          place[`${axis}Line`] = { axis, at: line, other };
        }
      }
    }
  }
  for (const line of [place.xLine, place.yLine]) if (line) place.lines.push(stretch(line, { ...box, ...place }));
  return place;
};

const stretch = ({ axis, at, other }, box) => {
  const [along, side] = axis === "x" ? ["y", "height"] : ["x", "width"];
  const from = Math.min(box[along], other[along]) - 20;
  const to = Math.max(box[along] + box[side], other[along] + other[side]) + 20;
  return { axis, at, from, length: to - from };
};

// Free centimetres to the nearest table on the left and right.
export const gaps = (box, others) => {
  const beside = others.filter((one) => one.y < box.y + box.height && one.y + one.height > box.y);
  const left = beside.filter((one) => one.x + one.width <= box.x).sort((a, b) => b.x + b.width - a.x - a.width)[0];
  const right = beside.filter((one) => one.x >= box.x + box.width).sort((a, b) => a.x - b.x)[0];
  const y = box.y + box.height / 2;
  return [
    left && { key: "l", x: (left.x + left.width + box.x) / 2, y, cm: Math.round(box.x - left.x - left.width) },
    right && { key: "r", x: (box.x + box.width + right.x) / 2, y, cm: Math.round(right.x - box.x - box.width) },
  ].filter((one) => one && one.cm < 400);
};

// New places for several items: {id: {x} or {y}}.
export const aligned = (items, how) => {
  const low = { x: Math.min(...items.map((i) => i.x)), y: Math.min(...items.map((i) => i.y)) };
  const high = { x: Math.max(...items.map((i) => i.x + i.width)), y: Math.max(...items.map((i) => i.y + i.height)) };
  const to = {
    left: () => ({ x: low.x }),
    center: (i) => ({ x: tenth((low.x + high.x) / 2 - i.width / 2) }),
    right: (i) => ({ x: high.x - i.width }),
    top: () => ({ y: low.y }),
    middle: (i) => ({ y: tenth((low.y + high.y) / 2 - i.height / 2) }),
    bottom: (i) => ({ y: high.y - i.height }),
  }[how];
  return Object.fromEntries(items.map((item) => [item.id, to(item)]));
};

// The same room between neighbours; the outermost two stay.
export const distributed = (items, axis) => {
  const side = axis === "x" ? "width" : "height";
  const sorted = [...items].sort((a, b) => a[axis] - b[axis]);
  const last = sorted.at(-1);
  const free = last[axis] + last[side] - sorted[0][axis] - sorted.reduce((sum, item) => sum + item[side], 0);
  let next = sorted[0][axis];
  return Object.fromEntries(
    sorted.map((item) => {
      const place = { [axis]: tenth(next) };
      next += item[side] + free / (sorted.length - 1);
      return [item.id, place];
    }),
  );
};

// The nearest place to a wish where a box lies on no table.
export const freeSpot = (box, tables) => {
  const hits = (x, y) =>
    tables.some((t) => x < t.x + t.width + 20 && t.x < x + box.width + 20 && y < t.y + t.height + 20 && t.y < y + box.height + 20);
  for (let ring = 0; ring < 40; ring += 1) {
    for (let step = 0; step < Math.max(1, ring * 8); step += 1) {
      const angle = (2 * Math.PI * step) / Math.max(1, ring * 8);
      const x = snapTo(box.x + Math.cos(angle) * ring * 40, SNAP_CM);
      const y = snapTo(box.y + Math.sin(angle) * ring * 40, SNAP_CM);
      if (!hits(x, y)) return { x, y };
    }
  }
  return { x: box.x, y: box.y };
};
