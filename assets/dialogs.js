// Dialogs of staff screens and the keyboard: a dialog takes the focus, keeps it and gives it back; Escape closes what
// is in front. One rule for every screen.
(() => {
  if (globalThis.smartmenuDialogs) return;
  globalThis.smartmenuDialogs = true;

  const DIALOG = '[role="dialog"][aria-modal="true"]';
  const FOCUSABLE = 'button:not([disabled]), a[href], input:not([type=hidden]), textarea, select, [tabindex="0"]';
  let dialog = null;
  let outside = null;
  let opener = null;

  const inFront = () => [...document.querySelectorAll(DIALOG)].at(-1) ?? null;
  const stopsOf = (open) => [...open.querySelectorAll(FOCUSABLE)].filter((one) => one.offsetParent !== null);

  const look = () => {
    const open = inFront();
    if (open === dialog) return;
    if (open) {
      if (!dialog) opener = outside;
      if (!open.contains(document.activeElement)) {
        (open.querySelector("[data-autofocus]") ?? stopsOf(open)[0])?.focus();
      }
    } else if (opener?.isConnected) opener.focus();
    dialog = open;
  };

  // The mark stands on the button that closes, or on the dialog whose first button does. A drawer's button says
  // "target": it comes after everything that lies over the drawer.
  const close = () => {
    const open = inFront();
    const inside = open && (open.matches("[data-escape]") ? open : open.querySelector("[data-escape], [data-escape-target]"));
    const mark = inside ?? document.querySelector("[data-escape]") ?? document.querySelector("[data-escape-target]");
    (mark?.matches("button, a") ? mark : mark?.querySelector("button") ?? mark)?.click();
  };

  const trap = (event) => {
    const open = inFront();
    const stops = open ? stopsOf(open) : [];
    if (!stops.length) return;
    const edge = event.shiftKey ? stops[0] : stops.at(-1);
    if (document.activeElement === edge || !open.contains(document.activeElement)) {
      event.preventDefault();
      (event.shiftKey ? stops.at(-1) : stops[0]).focus();
    }
  };

  document.addEventListener("focusin", (event) => { if (!event.target.closest?.(DIALOG)) outside = event.target; });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (event.key === "Tab") trap(event);
  });
  new MutationObserver(look).observe(document.documentElement, { subtree: true, childList: true });
  look();
})();
