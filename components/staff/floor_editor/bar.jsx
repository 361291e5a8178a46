// The bar above: which layout, tools, undo, and what leads out of the draft.

import { useEffect, useRef, useState } from "react";
import { Icon, IconButton, fill } from "./icon.jsx";
import { Layers } from "./panel.jsx";
import { usePlan } from "./store.js";

const EDITING_MS = 60_000;

export const Bar = ({ store, texts, room, tool, setTool, magnet, setMagnet, actions, onDialog, onPublish, onChoose, offline }) => {
  const undo = usePlan(store, (state) => state.undo.length);
  const redo = usePlan(store, (state) => state.redo.length);
  const saving = usePlan(store, (state) => state.saving);
  const changes = usePlan(store, (state) => state.changes);
  const live = usePlan(store, (state) => state.live);
  const ready = usePlan(store, (state) => state.ready);
  const mode = usePlan(store, (state) => state.plan.settings.mode ?? "free");
  const other = usePlan(store, (state) => state.other);
  const here = room.layouts.find((one) => one.id === room.layout_id);
  const state = offline ? texts.offline : saving ? texts.saving : live && !changes ? texts.saved_live : texts.saved;
  return (
    <header className="fe-bar">
      <a className="fe-i" href={room.back} aria-label={texts.back} data-testid="floor-back"><Icon name="chevron-left" /></a>
      <Menu
        label={<span className="fe-title"><b>{here?.name}</b><small role="status" data-testid="floor-saved" data-saving={saving || offline}>{state}</small></span>}
        name={fill(texts.layout_menu, { name: here?.name ?? "" })}
        testid="floor-layouts"
      >
        {(close) => (
          <>
            {room.layouts.map((one) => (
              <button
                key={one.id}
                type="button"
                role="menuitemradio"
                aria-checked={one.id === room.layout_id}
                data-testid="floor-layout"
                data-layout={one.name}
                onClick={() => { close(); onChoose(one.id); }}
              >
                <span><b>{one.name}</b><small>{one.caption}</small></span>
                {one.is_live && <em>{texts.in_use}</em>}
              </button>
            ))}
            <hr />
            <button type="button" role="menuitem" data-testid="floor-new" onClick={() => { close(); onDialog("new"); }}><Icon name="plus" size="18" />{texts.new_layout}</button>
            <button type="button" role="menuitem" data-testid="floor-rename" onClick={() => { close(); onDialog("rename"); }}><Icon name="pencil" size="18" />{texts.rename}</button>
            {!live && <button type="button" role="menuitem" data-testid="floor-put-away" onClick={() => { close(); onDialog("away"); }}><Icon name="trash-2" size="18" />{texts.put_away}</button>}
          </>
        )}
      </Menu>
      <div className="fe-group" role="toolbar" aria-label={texts.tools}>
        <IconButton icon="mouse-pointer-2" label={texts.select} on={tool === "select"} testid="floor-tool-select" onClick={() => setTool("select")} />
        <IconButton icon="hand" label={texts.pan} on={tool === "hand"} testid="floor-tool-hand" onClick={() => setTool("hand")} />
        <i />
        <IconButton icon="undo-2" label={texts.undo} disabled={!undo} testid="floor-undo" onClick={actions.undo} />
        <IconButton icon="redo-2" label={texts.redo} disabled={!redo} testid="floor-redo" onClick={actions.redo} />
        <i />
        <IconButton icon="magnet" label={texts.magnet} on={magnet} testid="floor-magnet" onClick={() => setMagnet(!magnet)} />
        <IconButton
          icon="grid-3x3"
          label={texts.grid}
          on={mode === "grid"}
          testid="floor-grid"
          onClick={() => store.commit([{ op: "settings", mode: mode === "grid" ? "free" : "grid" }])}
        />
        <Menu label={<Icon name="layers" />} name={texts.layers} testid="floor-layers" plain>
          {() => <Layers texts={texts} actions={actions} />}
        </Menu>
      </div>
      <span className="grow" />
      <Other other={other} texts={texts} />
      <a className="b sec" href={room.pdf} target="_blank" rel="noopener" aria-label={texts.print} data-testid="floor-print"><Icon name="printer" size="18" /><span>{texts.print}</span></a>
      <button type="button" className="b pri" disabled={!ready || saving || offline} data-testid="floor-publish" data-changes={changes} onClick={onPublish}>
        {!live ? texts.publish_layout : changes === 1 ? texts.publish_one : changes ? fill(texts.publish_many, { count: changes }) : texts.publish}
      </button>
    </header>
  );
};

// Who else has just changed something here.
const Other = ({ other, texts }) => {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 15_000);
    return () => clearInterval(timer);
  }, [other]);
  if (!other || now - other.at > EDITING_MS) return null;
  return <span className="chip warn" role="status" data-testid="floor-other"><Icon name="users" size="16" />{fill(texts.other_edits, { who: other.who })}</span>;
};

const Menu = ({ label, name, testid, children, plain }) => {
  const [open, setOpen] = useState(false);
  const box = useRef(null);
  const button = useRef(null);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  useEffect(() => {
    if (!open) return undefined;
    box.current?.querySelector("button")?.focus();
    const away = (event) => !box.current?.parentElement.contains(event.target) && setOpen(false);
    addEventListener("pointerdown", away);
    return () => removeEventListener("pointerdown", away);
  }, [open]);
  const press = (event) => {
    const entries = [...box.current.querySelectorAll("button:not(:disabled)")];
    const at = entries.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }[event.key];
    if (event.key === "Escape" || event.key === "Tab") close();
    if (to !== undefined) entries.at(to % entries.length)?.focus();
    if (event.key === "Escape" || to !== undefined) event.preventDefault();
    event.stopPropagation();
  };
  return (
    <span className="fe-menu">
      <button
        ref={button}
        type="button"
        className={plain ? "fe-i" : "fe-pick"}
        aria-haspopup={plain ? "true" : "menu"}
        aria-expanded={open}
        aria-label={name}
        title={plain ? name : undefined}
        data-testid={testid}
        onClick={() => setOpen(!open)}
      >
        {label}{!plain && <Icon name="chevron-down" size="18" />}
      </button>
      {open && (
        <div ref={box} className={plain ? "fe-pop small" : "fe-pop"} role={plain ? "group" : "menu"} aria-label={name} onKeyDown={press}>
          {children(close)}
        </div>
      )}
    </span>
  );
};
