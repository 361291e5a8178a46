// The floor plan's editor. What Reflex hands in: words, the list of layouts, answers and news; what
// leaves: batches of operations, and wishes about layouts.

import { ReactFlowProvider, useReactFlow, useViewport } from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Bar } from "./bar.jsx";
import { Canvas } from "./canvas.jsx";
import { NewLayout, Publish, PutAway, Quarrel, Rename } from "./dialogs.jsx";
import { Icon, IconButton } from "./icon.jsx";
import { actionsFor, useKeys } from "./keys.js";
import { newTable, newThing } from "./making.js";
import { Palette, TABLES } from "./palette.jsx";
import { Panel } from "./panel.jsx";
import { PlanStore, usePlan } from "./store.js";

const NOTE_MS = 5000;

const Editor = (props) => {
  const { texts, room, answer, heard, preview, offline } = props;
  const events = useRef(props);
  events.current = props;
  const store = useMemo(() => new PlanStore((batch) => events.current.onExchange(batch)), []);
  const flow = useReactFlow();
  const actions = useMemo(() => actionsFor(store, flow, texts), [store, flow, texts]);
  const [tool, setTool] = useState("select");
  const [magnet, setMagnet] = useState(true);
  const [dialog, setDialog] = useState("");
  const chooser = useRef(null);

  useEffect(() => store.open(room.layout_id), [store, room.layout_id]);
  useEffect(() => store.hearAnswer(answer), [store, answer]);
  useEffect(() => store.hear(heard), [store, heard]);
  useEffect(() => {
    if (!offline) store.again();
  }, [store, offline]);
  // The layout was published or made: the question is answered.
  useEffect(() => setDialog(""), [room.done]);
  useKeys(store, actions, setTool);

  const add = useCallback((kind, at) => {
    const { plan } = store.state;
    const item = TABLES.includes(kind) ? newTable(plan, kind, at) : newThing(plan, texts, kind, at);
    const isGround = kind === "area";
    const place = isGround ? { at: plan.order.findLastIndex((id) => plan.items[id].kind === "area") + 1 } : {};
    store.commit([{ op: "add", items: [item], ...place }]);
    store.select([item.id]);
  }, [store, texts]);

  const onPick = useCallback((kind) => {
    if (kind === "draw") setTool((now) => (now === "draw" ? "select" : "draw"));
    else if (kind === "picture") chooser.current.click();
    else {
      setTool("select");
      const frame = document.querySelector(".fe-canvas").getBoundingClientRect();
      add(kind, flow.screenToFlowPosition({ x: frame.x + frame.width / 2, y: frame.y + frame.height / 2 }));
    }
  }, [add, flow]);

  const onDropKind = useCallback((event) => {
    const kind = event.dataTransfer.getData("text/smartmenu-kind");
    if (!kind) return;
    event.preventDefault();
    add(kind, { ...flow.screenToFlowPosition({ x: event.clientX, y: event.clientY }), exactly: true });
  }, [add, flow]);

  const onPicture = async (event) => {
    const file = event.target.files[0];
    event.target.value = "";
    if (!file) return;
    store.say(texts.uploading);
    const told = await fetch(room.upload, { method: "POST", body: file }).then(
      async (reply) => ({ ok: reply.status === 201, ...(await reply.json()) }),
      () => ({ ok: false, error: texts.upload_failed }),
    ).catch(() => ({ ok: false, error: texts.upload_failed }));
    if (!told.ok) {
      store.say(told.error ?? texts.upload_failed, "bad");
      return;
    }
    const image = new Image();
    image.src = `/${told.picture_file}`;
    await image.decode().catch(() => {});
    const middle = flow.screenToFlowPosition({ x: innerWidth / 2, y: innerHeight / 2 });
    const item = newThing(store.state.plan, texts, "picture", middle);
    const height = Math.round((800 * (image.naturalHeight || 3)) / (image.naturalWidth || 4));
    store.commit([{ op: "add", items: [{ ...item, height, file: told.picture_file, opacity: 40 }], at: 0 }]);
    store.select([item.id]);
    store.say(texts.picture_there);
  };

  const look = () => {
    setDialog("publish");
    props.onLook(room.layout_id);
  };
  const here = room.layouts.find((one) => one.id === room.layout_id);
  const close = () => setDialog("");
  return (
    <div className="fe">
      <Bar {...{ store, texts, room, tool, setTool, magnet, setMagnet, actions, offline }} onDialog={setDialog} onPublish={look} onChoose={props.onChoose} />
      <Palette {...{ texts, tool, onPick }} />
      <main className="fe-main">
        <h1 className="sr">{texts.title}</h1>
        <Canvas {...{ store, texts, tool, setTool, magnet, onDropKind }} />
        <Zoom texts={texts} />
        <Note store={store} texts={texts} />
        <Begin {...{ store, texts }} onNew={() => setDialog("new")} />
      </main>
      <aside className="fe-side" aria-label={texts.properties} data-testid="floor-panel"><Panel {...{ store, texts, actions }} /></aside>
      <input ref={chooser} type="file" hidden accept="image/jpeg,image/png,image/webp" data-testid="floor-picture-file" onChange={onPicture} />
      {dialog === "new" && <NewLayout {...{ texts, room }} onClose={close} onCreate={(name, source) => props.onCreate(name, source)} />}
      {dialog === "rename" && <Rename texts={texts} name={here?.name ?? ""} onClose={close} onRename={(name) => props.onRename(room.layout_id, name)} />}
      {dialog === "away" && <PutAway texts={texts} name={here?.name ?? ""} onClose={close} onYes={() => props.onPutAway(room.layout_id)} />}
      {dialog === "publish" && <Publish {...{ texts, preview, store }} onClose={close} onPublish={(revision) => props.onPublish(room.layout_id, revision)} />}
      <Quarrel {...{ texts, store }} />
    </div>
  );
};

const Zoom = ({ texts }) => {
  const { zoom } = useViewport();
  const flow = useReactFlow();
  return (
    <div className="fe-zoom" role="group" aria-label={texts.zoom}>
      <IconButton icon="minus" label={texts.smaller} testid="floor-zoom-out" onClick={() => flow.zoomOut()} />
      <output className="num">{Math.round(zoom * 100)} %</output>
      <IconButton icon="plus" label={texts.larger} testid="floor-zoom-in" onClick={() => flow.zoomIn()} />
      <IconButton icon="maximize" label={texts.fit} testid="floor-fit" onClick={() => flow.fitView({ padding: 0.08 })} />
    </div>
  );
};

const Note = ({ store, texts }) => {
  const note = usePlan(store, (state) => state.note);
  const [shown, setShown] = useState(null);
  useEffect(() => {
    setShown(note);
    const timer = setTimeout(() => setShown(null), NOTE_MS);
    return () => clearTimeout(timer);
  }, [note]);
  return (
    <div className="fe-notes" role="status" data-testid="floor-note">
      {shown && (
        <p className={shown.tone === "bad" ? "bad" : ""}>
          <Icon name={shown.tone === "bad" ? "circle-alert" : "check"} size="18" />{shown.text}
          <button type="button" aria-label={texts.close} onClick={() => setShown(null)}><Icon name="x" size="18" /></button>
        </p>
      )}
    </div>
  );
};

// An empty plan says what to do.
const Begin = ({ store, texts, onNew }) => {
  const isEmpty = usePlan(store, (state) => state.ready && state.plan.order.length === 0);
  if (!isEmpty) return null;
  return (
    <div className="fe-begin">
      <h2>{texts.begin_title}</h2>
      <p>{texts.begin_text}</p>
      <button type="button" className="b sec" onClick={onNew}>{texts.begin_template}</button>
    </div>
  );
};

export const FloorEditor = (props) =>
  props.room?.layout_id ? <ReactFlowProvider><Editor {...props} /></ReactFlowProvider> : null;
