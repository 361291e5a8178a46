// Fields of the panel: what is typed becomes one operation when the field is left or Enter is hit.

import { useEffect, useId, useState } from "react";
import { Icon } from "./icon.jsx";

export const Row = ({ label, children, wide }) => (
  <div className={wide ? "fe-row wide" : "fe-row"}>
    {children}
    {label && <span className="fe-lbl" aria-hidden="true">{label}</span>}
  </div>
);

export const TextField = ({ label, value, onCommit, placeholder, most = 80, testid, lines, hint }) => {
  const [text, setText] = useState(value);
  const id = useId();
  useEffect(() => setText(value), [value]);
  const done = () => {
    if (text.trim() !== value) onCommit(text.trim());
  };
  const Tag = lines ? "textarea" : "input";
  return (
    <div className={lines ? "fe-row wide" : "fe-row"}>
      <label htmlFor={id}>{label}</label>
      <Tag
        id={id}
        className="fe-in"
        value={text}
        rows={lines}
        placeholder={placeholder}
        maxLength={most}
        title={hint}
        data-testid={testid}
        onChange={(event) => setText(event.target.value)}
        onBlur={done}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !lines) done();
          if (event.key === "Escape") setText(value);
        }}
      />
    </div>
  );
};

// A number in whole steps; what is no number goes back to what it was.
export const NumberInput = ({ label, value, onCommit, least, most, unit = "", testid, empty }) => {
  const shown = value === null || value === undefined ? "" : `${value}`;
  const [text, setText] = useState(shown);
  useEffect(() => setText(shown), [shown]);
  const done = () => {
    if (text === "" && empty) {
      if (value !== null) onCommit(null);
      return;
    }
    const number = Number.parseFloat(text.replace(",", "."));
    if (!Number.isFinite(number)) setText(shown);
    else {
      const kept = Math.min(most, Math.max(least, number));
      setText(`${kept}`);
      if (kept !== value) onCommit(kept);
    }
  };
  return (
    <span className="fe-num">
      <input
        className="fe-in num"
        inputMode="decimal"
        aria-label={label}
        value={text}
        placeholder={empty}
        data-testid={testid}
        onChange={(event) => setText(event.target.value)}
        onBlur={done}
        onKeyDown={(event) => event.key === "Enter" && done()}
      />
      {unit && <i aria-hidden="true">{unit}</i>}
    </span>
  );
};

export const Stepper = ({ label, value, onCommit, least, most, fewer, more, testid }) => (
  <div className="fe-row">
    <span className="fe-lbl" id={`step-${testid}`}>{label}</span>
    <div className="fe-step" role="group" aria-labelledby={`step-${testid}`}>
      <button type="button" aria-label={fewer} disabled={value <= least} onClick={() => onCommit(value - 1)} data-testid={`${testid}-fewer`}>
        <Icon name="minus" size="18" />
      </button>
      <output className="num" data-testid={testid}>{value}</output>
      <button type="button" aria-label={more} disabled={value >= most} onClick={() => onCommit(value + 1)} data-testid={`${testid}-more`}>
        <Icon name="plus" size="18" />
      </button>
    </div>
  </div>
);

export const Choice = ({ label, value, options, onCommit, testid }) => {
  const id = useId();
  return (
    <div className="fe-row">
      <label htmlFor={id}>{label}</label>
      <span className="fe-sel">
        <select id={id} className="fe-in" value={value} data-testid={testid} onChange={(event) => onCommit(event.target.value)}>
          {options.map(([key, word]) => <option key={key} value={key}>{word}</option>)}
        </select>
        <Icon name="chevron-down" size="18" />
      </span>
    </div>
  );
};

export const Checks = ({ legend, options, chosen, onCommit }) => (
  <fieldset className="fe-checks">
    <legend>{legend}</legend>
    {options.map(([key, word]) => (
      <label key={key}>
        <input
          type="checkbox"
          checked={chosen.includes(key)}
          onChange={(event) => onCommit(event.target.checked ? [...chosen, key] : chosen.filter((one) => one !== key))}
        />
        <span>{word}</span>
      </label>
    ))}
  </fieldset>
);
