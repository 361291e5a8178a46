// What staff screens do without asking the server: minutes that pass, the tone of a new order, the count in the
// tab's title and the clock on the wall.
(() => {
  const TICK_MS = 15000;
  const TOAST_MS = 8000;
  const MUTED = "smartmenu-muted";
  const AGES = { f: "timer", s: "hourglass", l: "triangle-alert" };
  let ahead = 0; // milliseconds the server's clock is ahead of this device's
  let serverTime = "";
  let waiting = false;
  let known = null; // new tickets already heard; null until the board is there
  // The same of guests who call, and of orders on the floor; how often each was heard stands on the screen's root.
  const floor = {
    call: { known: null, count: "data-call-chimes" },
    new: { known: null, count: "data-order-chimes" },
  };
  let audio = null;

  const set = (node, name, value) => { if (node.getAttribute(name) !== value) node.setAttribute(name, value); };

  // React owns the text nodes: they are changed, never replaced.
  const write = (element, text) => {
    const node = element.firstChild;
    if (node && node.nodeType === 3) { if (node.nodeValue !== text) node.nodeValue = text; }
    else if (!node) element.textContent = text;
  };

  const words = (minutes, root) => {
    if (minutes < 1) return root.dataset.wordNow;
    const text = minutes < 60 ? root.dataset.wordMinutes : root.dataset.wordHours;
    return text
      .replace("{minutes}", minutes)
      .replace("{h}", Math.floor(minutes / 60))
      .replace("{mm}", String(minutes % 60).padStart(2, "0"));
  };

  const ageChip = (chip, minutes) => {
    const age = minutes >= Number(chip.dataset.late) ? "l" : minutes >= Number(chip.dataset.soon) ? "s" : "f";
    for (const other of ["f", "s", "l"]) chip.classList.toggle(other, other === age);
    const icon = chip.querySelector("use");
    if (icon) set(icon, "href", `/icons.svg#${AGES[age]}`);
  };

  const tickTimes = (root) => {
    const now = Date.now() + ahead;
    for (const element of document.querySelectorAll("[data-since]")) {
      const since = Date.parse(element.dataset.since);
      if (Number.isNaN(since)) continue;
      const minutes = Math.max(0, Math.floor((now - since) / 60000));
      write(element.querySelector("[data-since-text]") ?? element, words(minutes, root));
      if (element.dataset.soon) ageChip(element, minutes);
      else if (element.dataset.late) {
        const table = element.closest(".tb, .trow");
        if (table) table.classList.toggle("late", minutes >= Number(element.dataset.late));
      }
    }
    const late = document.querySelector("[data-late-count]");
    if (late) write(late, String(document.querySelectorAll(".col.new .age.l, .col.prep .age.l").length));
    const clock = document.querySelector("[data-clock]");
    if (clock) {
      const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: clock.dataset.clock };
      try { write(clock, new Intl.DateTimeFormat("en-GB", options).format(new Date(now))); } catch { /* keep the server's */ }
    }
  };

  const title = (root) => {
    const count = Number(root.dataset.pending ?? 0);
    const plain = document.title.replace(/^\(\d+\) /, "");
    const wanted = count > 0 ? `(${count}) ${plain}` : plain;
    if (document.title !== wanted) document.title = wanted;
  };

  const isMuted = () => { try { return localStorage.getItem(MUTED) === "1"; } catch { return false; } };

  const showSound = () => {
    for (const button of document.querySelectorAll("[data-sound]")) {
      const muted = isMuted();
      set(button, "aria-pressed", String(!muted));
      const icon = button.querySelector("use");
      if (icon) set(icon, "href", `/icons.svg#${muted ? "volume-x" : "volume-2"}`);
    }
  };

  // Browsers let a page sound only after somebody has touched it.
  const wake = () => {
    if (!document.querySelector("[data-sound]")) return;
    audio ??= window.AudioContext ? new AudioContext() : null;
    if (audio?.state === "suspended") audio.resume();
  };

  // Two soft notes, a third apart: heard over a kitchen, not startling in a dining room.
  const chime = () => {
    if (isMuted() || audio?.state !== "running") return;
    [[659.25, 0], [830.61, 0.16]].forEach(([pitch, delay]) => {
      const start = audio.currentTime + delay;
      const tone = audio.createOscillator();
      const loudness = audio.createGain();
      tone.frequency.value = pitch;
      loudness.gain.setValueAtTime(0.0001, start);
      loudness.gain.exponentialRampToValueAtTime(0.22, start + 0.03);
      loudness.gain.exponentialRampToValueAtTime(0.0001, start + 0.55);
      tone.connect(loudness).connect(audio.destination);
      tone.start(start);
      tone.stop(start + 0.6);
    });
  };

  const listen = () => {
    const board = document.querySelector("[data-board]");
    if (!board) { known = null; return; }
    const ids = [...board.querySelectorAll('[data-order-id][data-status="pending"]')].map((t) => t.dataset.orderId);
    if (known === null) known = new Set(ids);
    const fresh = ids.filter((id) => !known.has(id));
    fresh.forEach((id) => known.add(id));
    for (const id of fresh) {
      const ticket = board.querySelector(`[data-order-id="${CSS.escape(id)}"]`);
      ticket?.classList.add("is-new");
    }
    if (fresh.length) { set(board, "data-chimes", String(Number(board.dataset.chimes ?? 0) + 1)); chime(); }
  };

  // Guests who call and orders nobody has seen are heard on every screen that shows the floor.
  const listenOnFloor = (root) => {
    for (const [what, ears] of Object.entries(floor)) {
      const ids = [...document.querySelectorAll(`[data-floor-${what}]`)].map((e) => e.getAttribute(`data-floor-${what}`));
      const there = new Set(ids.filter(Boolean));
      const isFresh = ears.known !== null && [...there].some((id) => !ears.known.has(id));
      ears.known = there;
      if (isFresh) { set(root, ears.count, String(Number(root.getAttribute(ears.count) ?? 0) + 1)); chime(); }
    }
  };

  // A toast leaves after a while, unless it is being read or tells of a refusal.
  let toast = null;
  let toastAt = 0;
  const toasts = () => {
    const shown = document.querySelector(".toasts .toast:not(.bad)");
    if (shown !== toast) { toast = shown; toastAt = Date.now(); if (shown) setTimeout(toasts, TOAST_MS + 50); return; }
    if (!shown || Date.now() - toastAt < TOAST_MS) return;
    if (shown.matches(":hover, :focus-within")) { toastAt = Date.now(); setTimeout(toasts, TOAST_MS + 50); }
    else shown.querySelector("button:last-of-type")?.click();
  };

  const look = () => {
    waiting = false;
    toasts();
    const root = document.querySelector("[data-live-screen]");
    if (!root) { known = floor.call.known = floor.new.known = null; return; }
    if (root.dataset.serverNow && root.dataset.serverNow !== serverTime) {
      serverTime = root.dataset.serverNow;
      ahead = Date.parse(serverTime) - Date.now();
    }
    tickTimes(root);
    title(root);
    showSound();
    if (root.dataset.ready === "true") { listen(); listenOnFloor(root); }
  };

  const soon = () => {
    if (waiting) return;
    waiting = true;
    queueMicrotask(look);
  };

  document.addEventListener("click", (event) => {
    wake();
    if (!event.target.closest?.("[data-sound]")) return;
    try { localStorage.setItem(MUTED, isMuted() ? "0" : "1"); } catch { /* private mode: as it was */ }
    showSound();
    if (!isMuted()) chime();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-fullscreen]")) return;
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.().catch(() => {});
  });
  document.addEventListener("keydown", wake);
  new MutationObserver(soon).observe(document.documentElement, {
    subtree: true, childList: true, attributes: true,
    attributeFilter: ["data-since", "data-server-now", "data-pending", "data-ready", "data-floor-call", "data-floor-new", "data-status", "class"],
  });
  setInterval(look, TICK_MS);
  document.addEventListener("visibilitychange", look);
  look();
})();
