// Questions: a new layout, another name, publishing, and whose change stays.

import { useEffect, useRef, useState } from "react";
import { Icon, fill } from "./icon.jsx";
import { usePlan } from "./store.js";

const TEMPLATES = ["bistro", "dining_room", "cafe", "terrace", "banquet", "bar"];

// The browser's own dialog keeps the keyboard inside; React takes it away without closing it, so the
// keyboard is given back here.
const Dialog = ({ title, onClose, children, testid }) => {
  const ref = useRef(null);
  useEffect(() => {
    const opener = document.activeElement;
    ref.current?.showModal();
    return () => opener?.isConnected && opener.focus();
  }, []);
  return (
    <dialog
      ref={ref}
      className="fe-dialog"
      aria-label={title}
      data-testid={testid}
      onCancel={(event) => { event.preventDefault(); onClose(); }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <h2>{title}</h2>
      {children}
    </dialog>
  );
};

export const NewLayout = ({ texts, room, onCreate, onClose }) => {
  const [name, setName] = useState("");
  const [source, setSource] = useState(room.layout_id);
  const here = room.layouts.find((one) => one.id === room.layout_id);
  const choices = [
    [room.layout_id, fill(texts.copy_of, { name: here?.name ?? "" }), texts.copy_help, "copy"],
    ["empty", texts.empty_plan, texts.empty_help, "square-dashed"],
    ...TEMPLATES.map((key) => [key, texts[`template_${key}`], texts[`template_${key}_help`], "layout-grid"]),
  ];
  return (
    <Dialog title={texts.new_layout} onClose={onClose} testid="floor-new-dialog">
      <form
        method="dialog"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) onCreate(name.trim(), source);
        }}
      >
        <label className="fe-row wide">
          <span>{texts.name}</span>
          <input className="fe-in" value={name} maxLength={60} placeholder={texts.name_example} required autoFocus data-testid="floor-layout-name" onChange={(event) => setName(event.target.value)} />
        </label>
        <fieldset className="fe-sources">
          <legend>{texts.begin_with}</legend>
          {choices.map(([key, word, help, icon]) => (
            <label key={key} className={source === key ? "on" : ""}>
              <input type="radio" name="source" value={key} checked={source === key} data-testid={`floor-source-${key === room.layout_id ? "copy" : key}`} onChange={() => setSource(key)} />
              <Icon name={icon} />
              <span><b>{word}</b><small>{help}</small></span>
            </label>
          ))}
        </fieldset>
        <footer>
          <button type="button" className="b sec" onClick={onClose}>{texts.cancel}</button>
          <button type="submit" className="b pri" data-testid="floor-create">{texts.create}</button>
        </footer>
      </form>
    </Dialog>
  );
};

export const Rename = ({ texts, name, onRename, onClose }) => {
  const [text, setText] = useState(name);
  return (
    <Dialog title={texts.rename} onClose={onClose} testid="floor-rename-dialog">
      <form
        method="dialog"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim()) onRename(text.trim());
        }}
      >
        <label className="fe-row wide">
          <span>{texts.name}</span>
          <input className="fe-in" value={text} maxLength={60} required autoFocus data-testid="floor-layout-name" onChange={(event) => setText(event.target.value)} />
        </label>
        <footer>
          <button type="button" className="b sec" onClick={onClose}>{texts.cancel}</button>
          <button type="submit" className="b pri" data-testid="floor-rename-save">{texts.save}</button>
        </footer>
      </form>
    </Dialog>
  );
};

export const PutAway = ({ texts, name, onYes, onClose }) => (
  <Dialog title={fill(texts.away_title, { name })} onClose={onClose} testid="floor-away-dialog">
    <p>{texts.away_text}</p>
    <footer>
      <button type="button" className="b sec" autoFocus onClick={onClose}>{texts.cancel}</button>
      <button type="button" className="b badb" data-testid="floor-away-yes" onClick={onYes}>{texts.put_away}</button>
    </footer>
  </Dialog>
);

const GROUPS = ["new_tables", "changed_tables", "gone_tables", "new_areas", "changed_areas", "gone_areas"];
const SHOWN = 24;

export const Publish = ({ texts, preview, store, onPublish, onClose }) => {
  const groups = GROUPS.filter((key) => preview?.[key]?.length);
  const isBlocked = preview?.problems?.length > 0;
  return (
    <Dialog title={texts.publish_title} onClose={onClose} testid="floor-publish-dialog">
      {!preview?.revision && <p className="fe-hint">{texts.loading}</p>}
      {isBlocked && (
        <>
          <p>{texts.publish_blocked}</p>
          <ul className="fe-list">
            {preview.problems.map((problem) => (
              <li key={problem.text}>
                <button type="button" className="fe-wrong" onClick={() => { store.select(problem.ids); onClose(); }}>
                  <Icon name="triangle-alert" size="16" />{problem.text}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      {preview?.revision > 0 && !isBlocked && (
        <>
          {groups.length === 0 && !preview.decor && <p>{texts.publish_nothing}</p>}
          <dl className="fe-diff">
            {groups.map((key) => (
              <div key={key}>
                <dt>{texts[key]}</dt>
                <dd className="num">
                  {preview[key].slice(0, SHOWN).join(", ")}
                  {preview[key].length > SHOWN && ` ${fill(texts.and_more, { count: preview[key].length - SHOWN })}`}
                </dd>
              </div>
            ))}
            {preview.decor && <div><dt>{texts.decor_changed}</dt><dd /></div>}
          </dl>
          {preview.parties?.length > 0 && (
            <section className="fe-parties" data-testid="floor-parties">
              <h3><Icon name="calendar-clock" size="16" />{texts.parties}</h3>
              <ul className="num">
                {preview.parties.slice(0, SHOWN).map((party) => <li key={party}>{party}</li>)}
                {preview.parties.length > SHOWN && <li>{fill(texts.and_more, { count: preview.parties.length - SHOWN })}</li>}
              </ul>
              <p className="fe-hint">{texts.parties_help}</p>
            </section>
          )}
          {preview.gone_tables?.length > 0 && <p className="fe-hint">{texts.gone_help}</p>}
          {preview.new_tables?.length > 0 && <p className="fe-hint">{texts.codes_help}</p>}
        </>
      )}
      {preview?.error && <p className="fe-wrong" role="alert" data-testid="floor-publish-error"><Icon name="triangle-alert" size="16" />{preview.error}</p>}
      <footer>
        <button type="button" className="b sec" onClick={onClose}>{texts.cancel}</button>
        <button type="button" className="b pri" disabled={!preview?.revision || isBlocked} data-testid="floor-publish-yes" onClick={() => onPublish(preview.revision)}>
          {texts.publish}
        </button>
      </footer>
    </Dialog>
  );
};

// The second of two editors: nothing of theirs is lost, nothing of the other's is overwritten unseen.
export const Quarrel = ({ texts, store }) => {
  const conflict = usePlan(store, (state) => state.conflicts[0]);
  const items = usePlan(store, (state) => state.plan.items);
  if (!conflict) return null;
  const item = items[conflict.id] ?? conflict.theirs;
  const what = item?.number ? fill(texts.label_table, { number: item.number }) : item?.name ?? texts[item?.kind] ?? texts.something;
  const isGone = conflict.part === "removed";
  const who = conflict.who || texts.somebody;
  return (
    <Dialog key={`${conflict.key}${conflict.id}`} title={texts.quarrel_title} onClose={() => store.decide(false)} testid="floor-conflict">
      <p>{fill(isGone ? texts.quarrel_gone : conflict.part === "place" ? texts.quarrel_place : texts.quarrel_facts, { who, what })}</p>
      <footer>
        <button type="button" className="b sec" autoFocus data-testid="floor-keep-theirs" onClick={() => store.decide(false)}>
          {isGone ? texts.understood : fill(texts.keep_theirs, { who })}
        </button>
        {!isGone && <button type="button" className="b sec" data-testid="floor-keep-mine" onClick={() => store.decide(true)}>{texts.keep_mine}</button>}
      </footer>
    </Dialog>
  );
};
