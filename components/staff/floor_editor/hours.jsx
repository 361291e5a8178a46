// Hours of an area, a line a day: "11:00-15:00, 18:00-23:00"; empty where it is closed.

import { useEffect, useState } from "react";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const CLOCK = /^([01]?\d|2[0-3]):([0-5]\d)$/;

const written = (pairs) => (pairs ?? []).map((pair) => pair.join("-")).join(", ");

// Null for what is no hours.
export const parsed = (text) => {
  const pairs = [];
  for (const part of text.split(",").map((one) => one.trim()).filter(Boolean)) {
    const times = part.split(/\s*[-–]\s*/).map((time) => CLOCK.exec(time));
    if (times.length !== 2 || times.includes(null)) return null;
    pairs.push(times.map(([, hour, minute]) => `${hour.padStart(2, "0")}:${minute}`));
  }
  return pairs;
};

export const Hours = ({ hours, texts, onCommit }) => {
  const has = Object.keys(hours).length > 0;
  const [open, setOpen] = useState(has);
  const [lines, setLines] = useState({});
  const [wrong, setWrong] = useState("");
  useEffect(() => setLines(Object.fromEntries(DAYS.map((day) => [day, written(hours[day])]))), [hours]);
  const done = (day) => {
    const pairs = parsed(lines[day]);
    setWrong(pairs ? "" : day);
    if (!pairs || written(pairs) === written(hours[day])) return;
    const next = { ...hours, [day]: pairs };
    if (!pairs.length) delete next[day];
    onCommit(next);
  };
  return (
    <fieldset className="fe-hours">
      <legend>{texts.hours}</legend>
      <label className="fe-check">
        <input
          type="checkbox"
          checked={!open}
          data-testid="floor-hours-same"
          onChange={(event) => {
            setOpen(!event.target.checked);
            if (event.target.checked && has) onCommit({});
          }}
        />
        <span>{texts.hours_same}</span>
      </label>
      {open && DAYS.map((day) => (
        <label key={day} className="fe-row">
          <span className="fe-lbl">{texts[`day_${day}`]}</span>
          <input
            className="fe-in num"
            value={lines[day] ?? ""}
            placeholder={texts.closed}
            aria-invalid={wrong === day}
            onChange={(event) => setLines({ ...lines, [day]: event.target.value })}
            onBlur={() => done(day)}
            onKeyDown={(event) => event.key === "Enter" && done(day)}
          />
        </label>
      ))}
      {open && <p className={wrong ? "fe-hint bad" : "fe-hint"}>{texts.hours_help}</p>}
    </fieldset>
  );
};
