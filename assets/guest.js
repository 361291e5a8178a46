// Guest pages: what needs no server. Search and filters work from the first paint on; events are sent in batches.
(() => {
  "use strict";
  const slug = location.pathname.split("/")[2] || "";
  const base = `/menu/${slug}`;
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  // --- Events: collected here, sent when there is time, never in the guest's way.
  const waiting = [];
  const note = (type, data = {}) => {
    waiting.push({ type, data, at: Date.now() });
    if (waiting.length >= 40) send();
  };
  const send = (isAlive = false) => {
    if (!waiting.length && !isAlive) return;
    const now = Date.now();
    const events = waiting.splice(0).map(({ type, data, at }) => ({ type, data, seconds_ago: Math.round((now - at) / 1000) }));
    const body = new Blob([JSON.stringify({ events })], { type: "application/json" });
    if (!navigator.sendBeacon(`${base}/events`, body)) {
      fetch(`${base}/events`, { method: "POST", body, keepalive: true }).catch(() => {});
    }
  };
  // Once a minute even without events: a sign of life, by which a visit's time is counted.
  let turn = 0;
  setInterval(() => { if (document.visibilityState === "visible") send(++turn % 4 === 0); }, 15000);
  addEventListener("pagehide", () => send());
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") send(); });

  // --- The code of a table seats a guest once. Left in the address it would seat them again after the table was freed, and with them whoever gets the link. A friend's invitation counts once as well. Staff who only look are not seated: theirs stays.
  const useCode = () => {
    if (!$('[data-live-menu][data-guest="true"]')) return;
    const address = new URL(location.href);
    for (const name of ["table", "area", "general", "friend"]) address.searchParams.delete(name);
    if (address.href !== location.href) history.replaceState(history.state, "", address);
  };
  // What the next first paint in this tab says about the seat, since the server no longer sees the code.
  const keepSeat = () => {
    const seat = $("[data-live-menu] .seat");
    if (!seat) return;
    const key = `smartmenu_seat:${location.pathname}:${document.documentElement.lang}`;
    try { $("button", seat) ? sessionStorage.setItem(key, seat.innerHTML) : sessionStorage.removeItem(key); } catch (_) {}
  };
  document.addEventListener("smartmenu:live", () => { useCode(); keepSeat(); });
  addEventListener("pagehide", keepSeat);

  // --- Search and filters.
  const wanted = { term: "", words: [], diets: new Set(), without: new Set() };
  const fold = (text) => text.toLocaleLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  const fits = (dish) => {
    const has = (name) => (dish.dataset[name] || "").split(" ");
    if (wanted.words.length) {
      const text = fold(`${$(".d-link", dish)?.textContent} ${$(".d-desc", dish)?.textContent || ""}`);
      if (!wanted.words.every((word) => text.includes(word))) return false;
    }
    const diets = has("diets");
    if (diets.includes("vegan")) diets.push("vegetarian");
    for (const diet of wanted.diets) if (!diets.includes(diet)) return false;
    const allergens = has("allergens");
    for (const allergen of wanted.without) if (allergens.includes(allergen)) return false;
    return true;
  };
  const apply = () => {
    let shown = 0;
    for (const section of $$("[data-section]")) {
      let here = 0;
      for (const dish of $$("article.dish", section)) {
        const fit = fits(dish);
        if (dish.hidden === fit) dish.hidden = !fit;
        if (fit) here++;
      }
      if (section.hidden !== (here === 0)) section.hidden = here === 0;
      shown += here;
    }
    const nothing = $("#nothing-found");
    if (nothing && nothing.hidden !== shown > 0) nothing.hidden = shown > 0;
    if (nothing && !shown) {
      const [title, hint] = [$("h2", nothing), $("p", nothing)];
      const say = (box, text) => { if (box.textContent !== text) box.textContent = text; };
      const count = $$("article.dish", nothing.parentElement).length.toLocaleString(document.documentElement.lang);
      say(title, wanted.term ? title.dataset.called.replace("{term}", () => wanted.term) : title.dataset.found);
      say(hint, hint.dataset.hint.replace("{count}", count));
    }
    for (const chip of $$("[data-filter]")) {
      const [kind, value] = chip.dataset.filter.split(":");
      chip.setAttribute("aria-pressed", String((kind === "diet" ? wanted.diets : wanted.without).has(value)));
    }
    const count = wanted.diets.size + wanted.without.size;
    for (const button of $$("[data-menu-filter]")) button.classList.toggle("on", count > 0);
  };
  const reset = () => {
    Object.assign(wanted, { term: "", words: [] });
    for (const set of [wanted.diets, wanted.without]) set.clear();
    for (const field of $$("[data-menu-search]")) field.value = "";
    apply();
  };
  let searching;
  const search = (field) => {
    wanted.term = field.value.trim();
    wanted.words = fold(field.value).split(/\s+/).filter(Boolean);
    apply();
    clearTimeout(searching);
    searching = setTimeout(() => {
      const term = field.value.trim();
      if (term) note("search", { term, result_count: $$("article.dish:not([hidden])").length });
    }, 1200);
  };
  document.addEventListener("input", (event) => {
    const field = event.target.closest?.("[data-menu-search]");
    if (field) search(field);
  });
  // What was typed before this script was there, or came back with a reload.
  for (const field of $$("[data-menu-search]")) if (field.value) search(field);

  // --- Taps that need no server.
  document.addEventListener("click", (event) => {
    const on = (selector) => event.target.closest?.(selector);
    const filter = on("[data-menu-filter]");
    if (filter) {
      const box = $("#menu-filters");
      box.hidden = !box.hidden;
      filter.setAttribute("aria-expanded", String(!box.hidden));
      return;
    }
    const chip = on("[data-filter]");
    if (chip) {
      const [kind, value] = chip.dataset.filter.split(":");
      const set = kind === "diet" ? wanted.diets : wanted.without;
      set.has(value) ? set.delete(value) : set.add(value);
      apply();
      note("filter", { filter: chip.dataset.filter, is_on: set.has(value) });
      return;
    }
    if (on("[data-large-text]")) {
      const html = document.documentElement;
      const large = html.dataset.text !== "large";
      large ? (html.dataset.text = "large") : delete html.dataset.text;
      try { large ? localStorage.setItem("smartmenu_text", "large") : localStorage.removeItem("smartmenu_text"); } catch (_) {}
      return;
    }
    if (on("[data-menu-reset]")) return reset();
    const languages = on("[data-languages]");
    if (languages) return chooseLanguage(languages);
    const tab = on(".tab");
    if (tab) {
      event.preventDefault();
      const section = $(`[data-live-menu] ${tab.getAttribute("href")}`) || $(tab.getAttribute("href"));
      section?.scrollIntoView({ behavior: pace(), block: "start" });
      return;
    }
    const dish = on("[data-dish]");
    if (dish) {
      event.preventDefault();
      note("product_view", { dish_id: dish.dataset.dish });
      // A tap before the page is live is kept and repeated once it is.
      if (!$("[data-live-menu]")) early = { selector: `[data-live-menu] [data-dish="${dish.dataset.dish}"]` };
      return;
    }
    const add = on("[data-testid=dish-add]");
    if (add && !$("[data-live-menu]")) {
      const id = add.closest("[data-dish-id]").dataset.dishId;
      early = { selector: `[data-live-menu] [data-dish-id="${id}"] [data-testid=dish-add]` };
      add.setAttribute("aria-busy", "true");
    }
  });
  let early = null;
  document.addEventListener("smartmenu:live", () => {
    apply();
    if (early) {
      const { selector } = early;
      early = null;
      // The click handlers of the live page are attached with it, in the next task.
      setTimeout(() => $(selector)?.click(), 0);
    }
  });

  const setLanguage = (code) => {
    // Everywhere: the live connection's address lies beside the menu's.
    document.cookie = `smartmenu_language=${code};path=/;max-age=31536000;samesite=lax${location.protocol === "https:" ? ";secure" : ""}`;
    send();
    location.reload();
  };
  const chooseLanguage = (button) => {
    const codes = button.dataset.languages.split(" ").filter(Boolean);
    const others = codes.filter((code) => code !== document.documentElement.lang);
    if (others.length === 1) return setLanguage(others[0]);
    const dialog = document.createElement("dialog");
    dialog.className = "sheet";
    for (const code of codes) {
      const choice = document.createElement("button");
      choice.className = "choice";
      choice.lang = code;
      choice.textContent = new Intl.DisplayNames([code], { type: "language" }).of(code);
      choice.addEventListener("click", () => setLanguage(code));
      dialog.append(choice);
    }
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  };

  // --- Which section is on screen: the tab follows, and staying counts as a view.
  let current = null;
  const pace = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth");
  const bring = (tab) => {
    const [mine, row] = [tab.getBoundingClientRect(), tab.parentElement.getBoundingClientRect()];
    const left = document.documentElement.dir === "rtl" ? mine.right - row.right + 40 : mine.left - row.left - 40;
    tab.parentElement.scrollBy({ left, behavior: pace() });
  };
  const follow = () => {
    const sections = $$("[data-section]").filter((section) => !section.hidden);
    const here = sections.filter((section) => section.getBoundingClientRect().top < 140).pop() || sections[0];
    // The live page brings tabs of its own, of which none is marked yet.
    if (!here || (here.id === current && $(".tab.on"))) return;
    const isNew = here.id !== current;
    current = here.id;
    for (const tab of $$(".tab")) {
      const on = tab.getAttribute("href") === `#${current}`;
      tab.classList.toggle("on", on);
      on ? tab.setAttribute("aria-current", "true") : tab.removeAttribute("aria-current");
      if (on) bring(tab);
    }
    if (!isNew) return;
    const seen = current;
    setTimeout(() => { if (current === seen) note("category_view", { category_id: seen.replace(/^s-/, "") }); }, 1500);
  };
  let ticking = false;
  addEventListener("scroll", () => {
    if (ticking) return;
    ticking = true;
    requestAnimationFrame(() => { ticking = false; follow(); });
  }, { passive: true });

  // --- Sheets: focus goes in and comes back, the page behind rests, back and Escape close.
  let open = null;
  const layer = () => $("[data-layer]");
  const rest = (isResting) => {
    for (const part of $$("[data-live-menu], .cartbar-wrap")) {
      if (!part.contains(open)) part.inert = isResting;
    }
  };
  const watch = () => {
    const now = layer();
    if (now === open) return;
    if (now) {
      const before = open ? null : document.activeElement;
      open = now;
      if (before) opener = before;
      document.body.style.overflow = "hidden";
      rest(true);
      ($("[tabindex='-1']", now) || $("h1, h2, button", now))?.focus({ preventScroll: true });
      watcher?.destroy?.();
      watcher = globalThis.CloseWatcher ? new CloseWatcher() : null;
      if (watcher) watcher.onclose = close;
    } else {
      open = null;
      document.body.style.overflow = "";
      watcher?.destroy?.();
      watcher = null;
      rest(false);
      // What opened the layer may be gone with it: the cart's bar, or the whole menu once an order is sent.
      const main = $("[data-live-menu] main");
      if (main && !opener?.isConnected) main.tabIndex = -1;
      (opener?.isConnected ? opener : main)?.focus({ preventScroll: true });
      opener = null;
    }
  };
  let [opener, watcher] = [null, null];
  // Another page without a reload: who reads by ear or by keyboard begins at its content.
  let path = location.pathname;
  const arrive = () => {
    const main = $("[data-live-menu] main");
    if (location.pathname === path || !main || open) return;
    path = location.pathname;
    main.tabIndex = -1;
    main.focus({ preventScroll: true });
  };
  // The server remembers a tab's open sheets: a page that starts anew shows the menu, not the cart of before.
  document.addEventListener("smartmenu:live", () => setTimeout(() => layer() && close(), 0), { once: true });
  const close = () => $("[data-close]", layer() || document)?.click();
  document.addEventListener("keydown", (event) => {
    // A dish is a link for those without scripts and a button for everybody else.
    if (event.key === " " && event.target.matches?.("a[role=button]")) {
      event.preventDefault();
      return event.target.click();
    }
    const now = layer();
    if (!now) return;
    if (event.key === "Escape" && !globalThis.CloseWatcher) return close();
    if (event.key !== "Tab") return;
    const stops = $$("a[href], button:not([disabled]), input, select, textarea, [tabindex='0']", now).filter((el) => el.offsetParent !== null || el.classList.contains("sr"));
    if (!stops.length) return;
    const [first, last] = [stops[0], stops[stops.length - 1]];
    if (event.shiftKey && (document.activeElement === first || !now.contains(document.activeElement) || document.activeElement.tabIndex < 0)) {
      event.preventDefault();
      last.focus();
    } else if (!event.shiftKey && (document.activeElement === last || !now.contains(document.activeElement))) {
      event.preventDefault();
      first.focus();
    }
  });
  let queued = false;
  new MutationObserver(() => {
    if (queued) return;
    queued = true;
    requestAnimationFrame(() => {
      queued = false;
      watch();
      arrive();
      if (wanted.words.length || wanted.diets.size || wanted.without.size) apply();
      follow();
    });
  }).observe(document.body, { childList: true, subtree: true });

  // --- Who is this guest? Only after a yes is anything kept on this phone.
  const key = `smartmenu_client_token:${slug}`;
  const store = (value) => {
    try { value ? localStorage.setItem(key, value) : localStorage.removeItem(key); } catch (_) {}
  };
  const stored = () => { try { return localStorage.getItem(key); } catch (_) { return null; } };
  const post = (path, data) => fetch(`${base}/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(data),
    credentials: "same-origin",
  });
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest?.("form[data-consent]");
    if (!form) return;
    event.preventDefault();
    const level = event.submitter?.value;
    const allows = !!form.elements.allows_fingerprint?.checked;
    const answer = await post("consent", { level, allows_fingerprint: allows }).catch(() => null);
    if (!answer?.ok) {
      // The plain form says the same, and the browser shows what is wrong.
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "level", value: level }));
      return form.submit();
    }
    store((await answer.json()).client_token);
    send();
    if (allows && level !== "essential") await tellFingerprint().catch(() => {});
    location.reload();
  });
  // The device's features as one hash: loaded and computed only after the guest has said yes, and told to nobody else.
  const tellFingerprint = async () => {
    await new Promise((done, failed) => {
      document.head.append(Object.assign(document.createElement("script"), { src: "/vendor/fingerprint.js", onload: done, onerror: failed }));
    });
    const { visitorId } = await (await FingerprintJS.load({ monitoring: false })).get();
    await post("fingerprint", { value: visitorId });
  };
  // Where the restaurant tells instead of asking, a guest is remembered once they have seen that it does.
  const told = new WeakSet();
  const notice = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) {
      if (!isIntersecting) continue;
      notice.unobserve(target);
      post("consent", { level: "remember", source: "notice" }).then(async (answer) => {
        if (answer.ok) store((await answer.json()).client_token);
      }).catch(() => {});
    }
  }, { threshold: 0.6 });
  new MutationObserver(() => {
    const form = $('form[data-consent="notice"]');
    if (!form || told.has(form)) return;
    told.add(form);
    notice.observe(form);
  }).observe(document.body, { childList: true, subtree: true });

  const known = document.cookie.includes("smartmenu_known=");
  // Once in a browser session the two signals are held together: the cookie may come from another restaurant.
  const asked = `smartmenu_asked:${slug}`;
  const isAsked = () => { try { return sessionStorage.getItem(asked); } catch (_) { return "1"; } };
  if (known !== !!stored() || (known && !isAsked())) {
    post("identity", stored() ? { client_token: stored() } : {}).then(async (answer) => {
      if (!answer.ok) return;
      const { is_known, has_new_cookie, client_token } = await answer.json();
      if (!is_known) store(null);
      else if (client_token) store(client_token);
      try { sessionStorage.setItem(asked, "1"); } catch (_) {}
      // The page starts again as the guest that it now shows.
      if (has_new_cookie) location.reload();
    }).catch(() => {});
  }

  // --- The privacy page: a scanned code stands in its field; what was done is told once.
  document.addEventListener("smartmenu:live", () => {
    const code = new URLSearchParams(location.hash.slice(1)).get("code");
    const field = $("[data-recovery-code]");
    if (code && field) {
      field.value = code;
      field.scrollIntoView({ block: "center" });
      field.focus({ preventScroll: true });
    }
    if (code || new URLSearchParams(location.search).has("done")) {
      history.replaceState(history.state, "", location.pathname);
    }
  });
  globalThis.smartmenu = { note };
})();
