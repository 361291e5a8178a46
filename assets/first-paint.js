// Takes the first paint away in the same frame in which the live menu stands. Inlined in <head>.
(() => {
  const html = document.documentElement;
  let seat = null;
  try {
    const text = localStorage.getItem("smartmenu_text");
    if (text) html.dataset.text = text;
    // The code is out of the address once it has seated: this tab's seat stands until the live page knows better.
    if (!/[?&]table=/.test(location.search)) seat = sessionStorage.getItem(`smartmenu_seat:${location.pathname}:${html.lang}`);
  } catch (_) {}
  new MutationObserver((_, observer) => {
    const first = document.querySelector("smart-first-paint");
    const live = document.querySelector("[data-live-menu]");
    if (seat && first?.querySelector("header + main")) {
      first.querySelector(".seat").innerHTML = seat;
      seat = null;
    }
    if (!live) return;
    observer.disconnect();
    if (!first) return;
    const typed = first.querySelector("[data-menu-search]");
    const field = live.querySelector("[data-menu-search]");
    if (typed && field && typed.value) field.value = typed.value;
    const had = first.contains(document.activeElement) ? document.activeElement : null;
    // Links to booking and queueing are written by the server alone: who sits at a table needs none.
    const ways = first.querySelector(".ways");
    const spot = live.querySelector(".seat");
    if (ways && spot && !spot.querySelector("button")) spot.append(ways);
    first.remove();
    if (had === typed && field) field.focus();
    document.dispatchEvent(new CustomEvent("smartmenu:live"));
  }).observe(html, { childList: true, subtree: true });
})();
