// What the guest list needs of the browser: its filter in the address, the next page at the end of the rows,
// "/" for the search, and the focus where it was when a question closes.
(() => {
  if (globalThis.smartmenuGuests) return;
  globalThis.smartmenuGuests = true;
  let asked = "";
  let dialog = null;
  let opener = null;

  // The address is for reloading and passing on; going back leaves the list, as people expect of a page.
  const address = () => {
    const told = document.querySelector("[data-address]");
    if (!told?.dataset.address || location.pathname.replace(/\/$/, "") !== told.dataset.addressOf) return;
    if (location.pathname + location.search !== told.dataset.address) {
      history.replaceState(history.state, "", told.dataset.address);
    }
  };

  const nearEnd = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting || asked === target.dataset.more) continue;
      // From here on a new window begins: that is somebody's own step.
      if (Number(target.dataset.more) >= 300) continue;
      asked = target.dataset.more;
      target.click();
    }
  }, { rootMargin: "400px" });
  let watched = null;
  const more = () => {
    const button = document.querySelector("[data-more]");
    if (button === watched && (!button || button.dataset.more === asked)) return;
    if (watched) nearEnd.unobserve(watched);
    if (button?.dataset.more !== asked) asked = "";
    watched = button;
    if (button) nearEnd.observe(button);
  };

  const focus = () => {
    const open = document.querySelector('.gpage [role="dialog"][aria-modal="true"]');
    if (open === dialog) return;
    if (open && !dialog) opener = document.activeElement;
    if (open && !open.contains(document.activeElement)) {
      (open.querySelector("[autofocus], select, input:not([type=hidden]), button") ?? open).focus();
    }
    if (!open && opener?.isConnected) opener.focus();
    dialog = open;
  };

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches?.("input, textarea, select, [contenteditable]")) return;
    const search = document.querySelector('[data-hotkey="/"]');
    if (!search) return;
    event.preventDefault();
    search.focus();
  });

  let waiting = false;
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    queueMicrotask(() => { waiting = false; address(); more(); focus(); });
  }).observe(document.documentElement, {
    subtree: true, childList: true, attributes: true, attributeFilter: ["data-address", "data-more"],
  });
})();
