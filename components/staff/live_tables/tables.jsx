// The tables of the room, on the plan and as a list. The server tells of those that changed; a table is drawn anew
// only when it is one of them.

import { memo, useCallback, useEffect, useRef, useState } from "react";
import { NOTHING, finder, hear, misses } from "./news.js";

// How long to wait for news that fill a hole, before asking for everything.
const PATIENCE_MS = 400;

const Icon = ({ name, size }) => (
  <svg className={size ? `ic ic-${size}` : "ic"} aria-hidden="true">
    <use href={`/icons.svg#${name}`} />
  </svg>
);

const useKnown = (news, onGap) => {
  const [heard, setHeard] = useState(null);
  const [known, setKnown] = useState(NOTHING);
  if (news !== heard) {
    setHeard(news);
    setKnown(hear(known, news));
  }
  const isMissing = misses(known, news);
  const ask = useRef(onGap);
  ask.current = onGap;
  useEffect(() => {
    if (!isMissing) return undefined;
    const later = setTimeout(() => ask.current?.(), PATIENCE_MS);
    return () => clearTimeout(later);
  }, [isMissing, news]);
  return known.tables;
};

// Reflex makes a new handler whenever the page is drawn; tables keep the one they got.
const useSteady = (handler) => {
  const latest = useRef(handler);
  latest.current = handler;
  return useCallback((id) => latest.current?.(id), []);
};

const join = (...words) => words.filter(Boolean).join(" ");

const place = ([x, y, width, height], turn) => ({ "--x": x, "--y": y, "--w": width, "--h": height, "--r": `${turn}deg` });

const Chairs = memo(({ chairs, look, taken, away }) =>
  chairs.map(([x, y, turn], index) => (
    <i
      key={index}
      className={join("st", look, index < taken && "full", away && "away")}
      style={{ "--x": x, "--y": y, "--r": `${turn}deg` }}
    />
  )),
);

// The minutes are written by staff.js, on the server's clock.
const Timer = ({ table }) => {
  if (table.since) return <span className="t num" data-since={table.since} data-late={table.late_minutes ?? ""} />;
  return table.reserved_text ? <span className="t num">{table.reserved_text}</span> : null;
};

const Flag = ({ table }) => (table.call_icon ? <span className="cf"><Icon name={table.call_icon} size="20" /></span> : null);

const Orders = ({ table }) =>
  table.order_count ? (
    <span className={join("ob num", table.new_order && "new")}>
      <Icon name="clipboard-list" size="16" />
      {table.order_count}
    </span>
  ) : null;

const lookOf = (table) => join(table.look, table.is_late && "late", table.call_icon && "calling");

const Table = memo(({ place: spot, table, isChosen, isDim, away, open }) => (
  <button
    type="button"
    className={join("tb", spot.shape, lookOf(table), isChosen && "sel", isDim && "dim", away && "away")}
    style={place(spot.box, spot.turn)}
    onClick={open && (() => open(spot.id))}
    aria-label={table.label}
    data-testid="floor-table"
    data-table={spot.number}
    data-status={table.status}
    data-orders={table.order_count ?? 0}
    data-id={spot.id}
    data-call={table.call_icon ? "true" : "false"}
    data-floor-new={table.new_order ?? ""}
    data-with={table.with_text ?? ""}
  >
    <span className="n num">{spot.number}</span>
    <span className="w"><Icon name={table.icon} size="16" /><span>{table.word}</span></span>
    <Timer table={table} />
    <Flag table={table} />
    {table.with_short && <span className="wt num">{table.with_short}</span>}
    {table.waiter_initials && <span className="wi">{table.waiter_initials}</span>}
    <Orders table={table} />
  </button>
));

// Children of the plan: it has the ground below them and says which part of the room is shown.
export const LiveTables = ({ places, news, areaId, chosenId, search, mine, onOpen, onGap }) => {
  const tables = useKnown(news, onGap);
  const open = useSteady(onOpen);
  const isHit = finder(places, search, mine);
  const shown = places.filter((one) => tables[one.id]);
  const isAway = (one) => areaId !== "" && areaId !== one.area;
  return (
    <>
      {shown.map((one) => (
        <Chairs
          key={`${one.id}-chairs`}
          chairs={one.chairs}
          look={tables[one.id].look}
          taken={tables[one.id].taken ?? 0}
          away={isAway(one)}
        />
      ))}
      {shown.map((one) => (
        <Table
          key={one.id}
          place={one}
          table={tables[one.id]}
          isChosen={chosenId === one.id}
          isDim={!isHit(one, tables[one.id])}
          away={isAway(one)}
          open={onOpen ? open : undefined}
        />
      ))}
    </>
  );
};

const Row = memo(({ place: spot, table, open }) => (
  <li>
    <button
      type="button"
      className={join("trow", lookOf(table))}
      onClick={() => open(spot.id)}
      aria-label={table.label}
      data-testid="floor-row"
      data-row-table={spot.number}
      data-floor-new={table.new_order ?? ""}
    >
      <span className="n num">{spot.number}<Flag table={table} /></span>
      <span>
        <b>
          <Icon name={table.icon} size="16" />
          {table.word}
          {table.waiter_initials && <span className="wi">{table.waiter_initials}</span>}
        </b>
        <small>{table.row_caption}</small>
      </span>
      <span className="trow-end"><Orders table={table} /><Timer table={table} /></span>
    </button>
  </li>
));

// The same tables as rows, for phones and for whoever prefers a list.
export const LiveRows = ({ places, news, areaId, search, mine, label, offline, onOpen, onGap }) => {
  const tables = useKnown(news, onGap);
  const open = useSteady(onOpen);
  const isHit = finder(places, search, mine);
  const shown = places.filter(
    (one) => tables[one.id] && (areaId === "" || areaId === one.area) && isHit(one, tables[one.id]),
  );
  return (
    <ul className={join("tlist", offline && "stale")} aria-label={label}>
      {shown.map((one) => <Row key={one.id} place={one} table={tables[one.id]} open={open} />)}
    </ul>
  );
};
