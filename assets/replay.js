// Plays an evening: what every table was at a moment follows from its frames, found by bisection. The server sent the
// whole day once; nothing is asked of it while somebody scrubs.
(() => {
  const REDRAW_MS = 50;
  let evening = null; // what is played, parsed
  let source = "";
  let at = 0; // seconds from its start
  let speed = 60;
  let playing = false;
  let before = 0; // moment of the last step, in milliseconds
  let drawn = new Map(); // table -> the frame that is shown
  let rows = [];
  let shown = -1;

  const root = () => document.querySelector("[data-replay]");
  const part = (name) => root()?.querySelector(`[data-r="${name}"]`);
  const write = (node, text) => {
    if (!node) return;
    const first = node.firstChild;
    if (first && first.nodeType === 3) { if (first.nodeValue !== text) first.nodeValue = text; }
    else if (!first) node.textContent = text;
  };

  // The last entry that is not after a moment; entries begin with their second.
  const last = (entries, second) => {
    let low = 0, high = entries.length;
    while (low < high) { const middle = (low + high) >> 1; if (entries[middle][0] <= second) low = middle + 1; else high = middle; }
    return low - 1;
  };

  const minutes = (seconds) => {
    const words = root().dataset;
    const whole = Math.max(0, Math.floor(seconds / 60));
    if (whole < 1) return words.wordNow;
    return (whole < 60 ? words.wordMinutes : words.wordHours)
      .replace("{minutes}", whole).replace("{h}", Math.floor(whole / 60)).replace("{mm}", String(whole % 60).padStart(2, "0"));
  };

  let format = null;
  const clock = (second) => format.format(new Date((evening.start + second) * 1000));

  const paint = (id, frame) => {
    const [look, icon, word, said, status] = evening.states[frame[1]];
    for (const node of document.querySelectorAll(`[data-t="${id}"]`)) {
      for (const other of [...node.classList]) if (other.startsWith("s-")) node.classList.remove(other);
      node.classList.add(look);
      node.querySelector(".w use, b use")?.setAttribute("href", `/icons.svg#${icon}`);
      write(node.querySelector('[data-r="word"]'), word);
      const badge = node.querySelector(".ob");
      if (badge) { badge.hidden = !frame[4]; write(badge.querySelector('[data-r="orders"]'), String(frame[4])); }
      if (node.dataset.status !== undefined) {
        node.dataset.status = status;
        node.dataset.said = said;
      }
    }
    document.querySelectorAll(`[data-chair="${id}"]`).forEach((chair, index) => {
      chair.className = `st ${look}${index < frame[3] ? " full" : ""}`;
    });
  };

  const show = () => {
    if (!evening) return;
    for (const [id, frames] of Object.entries(evening.tables)) {
      const found = last(frames, at);
      if (found < 0) continue;
      const frame = frames[found];
      if (drawn.get(id) !== frame) { drawn.set(id, frame); paint(id, frame); }
      const time = frame[2] === null ? "" : minutes(at - frame[2]);
      for (const node of document.querySelectorAll(`[data-t="${id}"]`)) {
        write(node.querySelector('[data-r="time"]'), time);
        if (node.dataset.said) {
          const label = [node.dataset.number, node.dataset.said, time].filter(Boolean).join(", ");
          if (node.getAttribute("aria-label") !== label) node.setAttribute("aria-label", label);
        }
      }
    }
    const tally = evening.tallies[Math.max(0, last(evening.tallies, at))];
    write(part("guests"), String(tally[1]));
    write(part("orders"), String(tally[2]));
    write(part("revenue"), tally[3]);
    write(part("clock"), clock(at));
    const slider = part("slider");
    if (slider) {
      if (document.activeElement !== slider || playing) slider.value = String(Math.round(at));
      slider.setAttribute("aria-valuetext", clock(at));
      slider.style.setProperty("--done", `${(at / Math.max(1, evening.length)) * 100}%`);
    }
    mark(last(evening.events, at));
  };

  // Rows are lit up to the present moment; the newest one is kept in sight.
  const mark = (now) => {
    if (now === shown || !rows.length) return;
    const [low, high] = [Math.min(now, shown), Math.max(now, shown)];
    for (let index = Math.max(0, low); index <= high && index < rows.length; index++) rows[index].classList.toggle("past", index <= now);
    rows[shown]?.classList.remove("now");
    document.querySelectorAll(".tb.just").forEach((node) => node.classList.remove("just"));
    shown = now;
    const row = rows[now];
    if (!row) { part("events").scrollTop = 0; return; }
    row.classList.add("now");
    const list = part("events");
    list.scrollTop = row.offsetTop - list.offsetTop - list.clientHeight / 2;
    document.querySelector(`.tb[data-t="${row.dataset.table}"]`)?.classList.add("just");
  };

  const list = () => {
    const into = part("events");
    if (!into) return;
    rows = evening.events.map(([second, time, icon, table, text, id]) => {
      const row = document.createElement("li");
      row.dataset.table = id;
      const button = document.createElement("button");
      button.type = "button";
      button.addEventListener("click", () => jump(second));
      const stamp = document.createElement("time");
      stamp.textContent = time;
      const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      drawing.setAttribute("class", "ic ic-18");
      drawing.setAttribute("aria-hidden", "true");
      const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
      use.setAttribute("href", `/icons.svg#${icon}`);
      drawing.append(use);
      const what = document.createElement("span");
      const name = document.createElement("b");
      name.textContent = table;
      what.append(name, document.createTextNode(text));
      button.append(stamp, drawing, what);
      row.append(button);
      return row;
    });
    into.replaceChildren(...rows);
    shown = -1;
  };

  // How full the room was, as a band under the slider.
  const curve = () => {
    const canvas = part("curve");
    if (!canvas) return;
    const wide = canvas.clientWidth, high = canvas.clientHeight, scale = window.devicePixelRatio || 1;
    canvas.width = wide * scale; canvas.height = high * scale;
    const pen = canvas.getContext("2d");
    pen.scale(scale, scale);
    const top = Math.max(1, ...evening.tallies.map((one) => one[1]));
    pen.fillStyle = getComputedStyle(canvas).color;
    pen.beginPath();
    pen.moveTo(0, high);
    for (let x = 0; x <= wide; x++) {
      const one = evening.tallies[Math.max(0, last(evening.tallies, (x / wide) * evening.length))];
      pen.lineTo(x, high - (one[1] / top) * high);
    }
    pen.lineTo(wide, high);
    pen.fill();
    const hours = part("hours");
    const first = 3600 - ((evening.start + zoneShift()) % 3600);
    const every = evening.length > 8 * 3600 && wide < 640 ? 3 : wide < 420 ? 2 : 1;
    const marks = [];
    for (let second = first, count = 0; second < evening.length; second += 3600, count++) {
      if (count % every) continue;
      const mark = document.createElement("span");
      mark.textContent = clock(second);
      mark.style.insetInlineStart = `${(second / evening.length) * 100}%`;
      marks.push(mark);
    }
    hours.replaceChildren(...marks);
  };

  // Zones lie half hours and quarters apart: full hours are those of the restaurant's clock.
  const zoneShift = () => {
    const minute = Number(clock(0).slice(3, 5));
    const utc = new Date(evening.start * 1000).getUTCMinutes();
    return (minute - utc) * 60;
  };

  const play = (wanted) => {
    playing = wanted;
    const button = part("play");
    if (!button) return;
    button.setAttribute("aria-label", wanted ? root().dataset.wordPause : root().dataset.wordPlay);
    button.querySelector("use")?.setAttribute("href", `/icons.svg#${wanted ? "pause" : "play"}`);
    if (wanted) { if (at >= evening.length) at = 0; before = performance.now(); requestAnimationFrame(tick); }
  };

  const jump = (second) => { at = Math.min(Math.max(0, second), evening?.length ?? 0); before = performance.now(); show(); };

  const tick = (now) => {
    if (!playing || !evening) return;
    if (now - before >= REDRAW_MS) {
      at = Math.min(evening.length, at + ((now - before) / 1000) * speed);
      before = now;
      show();
      if (at >= evening.length) { play(false); return; }
    }
    requestAnimationFrame(tick);
  };

  const near = (direction) => {
    const seconds = evening.events.map((event) => event[0]);
    const found = direction > 0 ? seconds.find((second) => second > at + 0.5) : seconds.findLast((second) => second < at - 0.5);
    if (found !== undefined) jump(found);
  };

  const take = () => {
    const here = root();
    const text = here?.dataset.replay ?? "";
    if (!text || !part("slider")) { if (!here) { evening = null; source = ""; playing = false; } return; }
    // React has drawn the stage anew when its rows are gone.
    if (text === source && (rows.length === 0 || rows[0].isConnected)) return;
    source = text;
    evening = JSON.parse(text);
    format = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: evening.zone });
    drawn = new Map();
    for (const node of document.querySelectorAll("[data-t]")) if (!evening.tables[node.dataset.t]) evening.tables[node.dataset.t] = [[0, 0, null, 0, 0]];
    const slider = part("slider");
    slider.max = String(evening.length);
    play(false);
    list();
    curve();
    // The fullest moment says more than an empty room.
    const fullest = evening.tallies.reduce((best, one) => (one[1] > best[1] ? one : best), evening.tallies[0]);
    jump(Math.max(0, fullest[0]));
    here.dataset.playing = "ready";
  };

  document.addEventListener("input", (event) => {
    if (event.target.dataset?.r !== "slider" || !evening) return;
    play(false);
    jump(Number(event.target.value));
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-replay] [data-r], [data-replay] [data-speed]");
    if (!button || !evening) return;
    if (button.dataset.r === "play") play(!playing);
    if (button.dataset.r === "back") near(-1);
    if (button.dataset.r === "on") near(1);
    if (button.dataset.speed) {
      speed = Number(button.dataset.speed);
      for (const one of document.querySelectorAll("[data-speed]")) one.setAttribute("aria-pressed", String(one === button));
    }
  });
  document.addEventListener("keydown", (event) => {
    if (!evening || !root() || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " " && !event.target.closest?.("button, input, select, textarea, a")) { event.preventDefault(); play(!playing); }
    if (event.target.closest?.("input, select, textarea")) return;
    if (event.key === "ArrowRight") { event.preventDefault(); near(1); }
    if (event.key === "ArrowLeft") { event.preventDefault(); near(-1); }
  });
  let waiting = 0;
  window.addEventListener("resize", () => { clearTimeout(waiting); waiting = setTimeout(() => evening && part("curve") && curve(), 150); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => evening && part("curve") && curve());
  new MutationObserver(() => queueMicrotask(take)).observe(document.documentElement, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-replay"] });
  take();
})();
