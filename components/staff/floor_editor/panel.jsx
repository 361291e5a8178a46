// The panel beside the canvas: what is chosen, in figures and words.

import { middle, corners, aligned, areaAt, distributed } from "./geometry.js";
import { Choice, Checks, NumberInput, Stepper, TextField } from "./fields.jsx";
import { Hours } from "./hours.jsx";
import { Icon, IconButton, fill } from "./icon.jsx";
import { TABLE_KINDS } from "./making.js";
import { usePlan } from "./store.js";

const AREA_TYPES = ["indoor", "outdoor", "garden", "bar", "private", "vip", "takeout"];
const SERVICES = ["full_service", "bar_service", "counter"];
const TABLE_TYPES = ["2_top", "4_top", "6_top", "booth", "bar_stool", "large_party"];
const FEATURES = ["outdoor", "smoking", "private", "quiet", "accessible", "pets", "heated", "view"];
const SHAPES = Object.keys(TABLE_KINDS);
const MOST_CM = { table: 1000, plant: 2000 };
const named = (texts, prefix, keys) => keys.map((key) => [key, texts[`${prefix}_${key}`]]);

export const Panel = ({ store, texts, actions }) => {
  const plan = usePlan(store, (state) => state.plan);
  const selection = usePlan(store, (state) => state.selection);
  const problems = usePlan(store, (state) => state.problems);
  const items = selection.map((id) => plan.items[id]).filter(Boolean);
  if (!items.length) return <Overview {...{ store, texts, plan, problems }} />;
  if (items.length > 1) return <Several {...{ store, texts, items, actions }} />;
  const own = problems.filter((problem) => problem.ids.includes(items[0].id));
  return <Single key={items[0].id} item={items[0]} {...{ store, texts, plan, actions, own }} />;
};

const Head = ({ title, texts, actions, item }) => (
  <header>
    <h2>{title}</h2>
    <IconButton icon="copy" label={texts.duplicate} onClick={actions.duplicate} testid="floor-duplicate" />
    <IconButton icon="trash-2" label={texts.remove} onClick={actions.remove} disabled={item?.locked} testid="floor-remove" />
  </header>
);

const Problems = ({ problems }) => problems.map((problem) => (
  <p key={problem.text} className="fe-wrong" data-testid="floor-problem" data-kind={problem.kind}>
    <Icon name="triangle-alert" size="16" />{problem.text}
  </p>
));

const Single = ({ item, store, texts, plan, actions, own }) => {
  const set = (patch) => store.change({ [item.id]: patch });
  const title = item.kind === "table" ? fill(texts.label_table, { number: item.number })
    : item.kind === "area" ? item.name : texts[item.kind];
  return (
    <>
      <Head {...{ title, texts, actions, item }} />
      <Problems problems={own} />
      {item.kind === "table" && <TableFields {...{ item, set, texts, plan }} />}
      {item.kind === "area" && <AreaFields {...{ item, set, texts, plan }} />}
      {item.kind === "text" && (
        <TextField label={texts.words} value={item.text} most={120} testid="floor-text" onCommit={(text) => text && set({ text })} />
      )}
      {item.kind === "picture" && (
        <div className="fe-row">
          <span className="fe-lbl">{texts.strength}</span>
          <NumberInput label={texts.strength} value={item.opacity} least={5} most={100} unit="%" onCommit={(opacity) => set({ opacity: Math.round(opacity) })} />
        </div>
      )}
      <Place {...{ item, set, texts }} />
      <label className="fe-check">
        <input type="checkbox" checked={item.locked} data-testid="floor-lock" onChange={(event) => set({ locked: event.target.checked })} />
        <span>{texts.lock}</span>
      </label>
    </>
  );
};

const TableFields = ({ item, set, texts, plan }) => {
  const areas = plan.order.map((id) => plan.items[id]).filter((one) => one.kind === "area");
  const reshape = (shape) => {
    const { width, height } = item;
    const even = ["round", "square", "bar"].includes(shape);
    const side = Math.min(width, height);
    const was = ["round", "square", "bar"].includes(item.shape);
    set({ shape, ...(even ? { width: side, height: side } : was ? { width: Math.round(side * 1.5) } : {}) });
  };
  return (
    <>
      <TextField label={texts.number} value={item.number} most={12} testid="floor-number" onCommit={(number) => number && set({ number })} />
      <TextField label={texts.name} value={item.name} most={60} placeholder={texts.optional} testid="floor-name" onCommit={(name) => set({ name })} />
      <Stepper
        label={texts.seats}
        value={item.seats}
        least={1}
        most={99}
        fewer={texts.fewer}
        more={texts.more_seats}
        testid="floor-seats"
        onCommit={(seats) => set({ seats })}
      />
      <Choice
        label={texts.area}
        value={item.area ?? ""}
        options={[...(item.area ? [] : [["", texts.no_area]]), ...areas.map((area) => [area.id, area.name])]}
        testid="floor-area"
        onCommit={(area) => set(area ? { area, ...into(plan, area, item) } : { area: null })}
      />
      <Choice label={texts.kind} value={item.table_type} options={named(texts, "kind", TABLE_TYPES)} testid="floor-kind" onCommit={(table_type) => set({ table_type })} />
      <h3>{texts.shape}</h3>
      <div className="fe-shapes" role="group" aria-label={texts.shape}>
        {SHAPES.map((shape) => (
          <button
            key={shape}
            type="button"
            className={item.shape === shape ? "on" : ""}
            aria-pressed={item.shape === shape}
            aria-label={texts[`shape_${shape}`]}
            title={texts[`shape_${shape}`]}
            data-testid={`floor-shape-${shape}`}
            onClick={() => reshape(shape)}
          >
            <i className={`fe-pic fe-s-${shape}`} />
          </button>
        ))}
      </div>
      <TextField label={texts.notes} value={item.notes} most={500} lines={2} testid="floor-notes" onCommit={(notes) => set({ notes })} />
    </>
  );
};

// A table that is given to another area goes there, unless it stands there already.
const into = (plan, areaId, item) => {
  const area = plan.items[areaId];
  if (!area || areaAt([area], middle(item))) return {};
  const outline = corners(area);
  const x = outline.reduce((sum, [px]) => sum + px, 0) / outline.length;
  const y = outline.reduce((sum, [, py]) => sum + py, 0) / outline.length;
  return { x: Math.round(x - item.width / 2), y: Math.round(y - item.height / 2) };
};

const AreaFields = ({ item, set, texts, plan }) => {
  const tables = plan.order.map((id) => plan.items[id]).filter((one) => one.kind === "table" && one.area === item.id);
  const seats = tables.reduce((sum, table) => sum + table.seats, 0);
  return (
    <>
      <p className="fe-fact">{fill(texts.area_holds, { tables: tables.length, seats })}</p>
      <TextField label={texts.name} value={item.name} most={80} testid="floor-area-name" onCommit={(name) => name && set({ name })} />
      <TextField label={texts.description} value={item.description} most={200} placeholder={texts.optional} onCommit={(description) => set({ description })} />
      <Choice label={texts.type} value={item.area_type} options={named(texts, "type", AREA_TYPES)} testid="floor-area-type" onCommit={(area_type) => set({ area_type })} />
      <Choice label={texts.service} value={item.service_type} options={named(texts, "service", SERVICES)} testid="floor-service" onCommit={(service_type) => set({ service_type })} />
      <div className="fe-row">
        <span className="fe-lbl">{texts.capacity}</span>
        <NumberInput label={texts.capacity} value={item.capacity} least={1} most={9999} empty={`${seats}`} testid="floor-capacity" onCommit={(capacity) => set({ capacity: capacity && Math.round(capacity) })} />
      </div>
      <Hours hours={item.hours} texts={texts} onCommit={(hours) => set({ hours })} />
      <Checks legend={texts.features} options={named(texts, "feature", FEATURES)} chosen={item.features} onCommit={(features) => set({ features })} />
      <button
        type="button"
        className="b sec"
        data-testid="floor-corners"
        onClick={() => set(item.outline.length ? { outline: [] } : { outline: corners(item).map(([x, y]) => [x - item.x, y - item.y]) })}
      >
        <Icon name={item.outline.length ? "square-dashed" : "spline"} size="18" />
        {item.outline.length ? texts.make_rectangle : texts.edit_corners}
      </button>
    </>
  );
};

const Place = ({ item, set, texts }) => {
  const most = MOST_CM[item.kind] ?? 30000;
  const isDrawn = item.outline?.length > 0;
  return (
    <>
      <div className="fe-row">
        <span className="fe-lbl">{texts.place_cm}</span>
        <span className="fe-two">
          <NumberInput label={texts.from_left} value={item.x} least={-5000} most={30000} testid="floor-x" onCommit={(x) => set({ x })} />
          <NumberInput label={texts.from_top} value={item.y} least={-5000} most={30000} testid="floor-y" onCommit={(y) => set({ y })} />
        </span>
      </div>
      {!isDrawn && (
        <div className="fe-row">
          <span className="fe-lbl">{texts.size_cm}</span>
          <span className="fe-two">
            <NumberInput label={texts.width} value={item.width} least={20} most={most} testid="floor-width" onCommit={(width) => set({ width })} />
            <NumberInput label={texts.height} value={item.height} least={item.kind === "wall" ? 5 : 20} most={most} testid="floor-height" onCommit={(height) => set({ height })} />
          </span>
        </div>
      )}
      {item.rotation !== undefined && (
        <div className="fe-row">
          <span className="fe-lbl">{texts.turn}</span>
          <NumberInput label={texts.turn} value={item.rotation} least={-360} most={360} unit="°" testid="floor-rotation" onCommit={(rotation) => set({ rotation: (rotation + 360) % 360 })} />
        </div>
      )}
    </>
  );
};

// One drawing for three directions each.
const ALIGN = [["left", "start", ""], ["center", "center", ""], ["right", "start", "fe-mirrored"],
  ["top", "start", "fe-quarter"], ["middle", "center", "fe-quarter"], ["bottom", "start", "fe-back-quarter"]];

const Several = ({ store, texts, items, actions }) => {
  const free = items.filter((item) => !item.locked);
  const tables = free.filter((item) => item.kind === "table");
  return (
    <>
      <Head title={fill(texts.chosen, { count: items.length })} {...{ texts, actions }} />
      <h3>{texts.align}</h3>
      <div className="fe-tiles" role="group" aria-label={texts.align}>
        {ALIGN.map(([how, icon, look]) => (
          <IconButton
            key={how}
            icon={`align-${icon}-vertical`}
            className={look}
            label={texts[`align_${how}`]}
            testid={`floor-align-${how}`}
            onClick={() => store.change(aligned(free, how))}
          />
        ))}
      </div>
      <h3>{texts.distribute}</h3>
      <div className="fe-tiles two">
        {["x", "y"].map((axis) => (
          <button key={axis} type="button" className="b sec" disabled={free.length < 3} data-testid={`floor-distribute-${axis}`} onClick={() => store.change(distributed(free, axis))}>
            {texts[`distribute_${axis}`]}
          </button>
        ))}
      </div>
      <h3>{texts.layers}</h3>
      <Layers {...{ texts, actions }} />
      {tables.length > 1 && (
        <Stepper
          label={texts.seats_each}
          value={tables[0].seats}
          least={1}
          most={99}
          fewer={texts.fewer}
          more={texts.more_seats}
          testid="floor-seats-each"
          onCommit={(seats) => store.change(Object.fromEntries(tables.map((table) => [table.id, { seats }])))}
        />
      )}
    </>
  );
};

export const Layers = ({ texts, actions }) => (
  <div className="fe-tiles four" role="group" aria-label={texts.layers}>
    {["front", "up", "down", "back"].map((where) => (
      <button key={where} type="button" className="b sec" data-testid={`floor-layer-${where}`} onClick={() => actions.layer(where)}>
        {texts[`layer_${where}`]}
      </button>
    ))}
  </div>
);

const Overview = ({ store, texts, plan, problems }) => {
  const tables = plan.order.map((id) => plan.items[id]).filter((item) => item.kind === "table");
  const seats = tables.reduce((sum, table) => sum + table.seats, 0);
  return (
    <>
      <header><h2>{texts.overview}</h2></header>
      <p className="fe-fact">{fill(texts.area_holds, { tables: tables.length, seats })}</p>
      {problems.length > 0 && <h3>{texts.to_fix}</h3>}
      {problems.map((problem) => (
        <button
          key={problem.text}
          type="button"
          className="fe-wrong"
          data-testid="floor-problem"
          data-kind={problem.kind}
          onClick={() => store.select(problem.ids.filter((id) => plan.items[id]))}
        >
          <Icon name="triangle-alert" size="16" />{problem.text}
        </button>
      ))}
      <h3>{texts.keys_title}</h3>
      <dl className="fe-keys">
        {["move", "finely", "turn", "copy", "undo", "remove", "layers", "zoom", "region"].map((key) => (
          <div key={key}><dt>{texts[`keys_${key}`]}</dt><dd>{texts[`keys_${key}_how`]}</dd></div>
        ))}
      </dl>
    </>
  );
};
