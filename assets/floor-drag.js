// A party is drawn onto another table with the mouse or a finger; the server asks what was meant.
// Nothing is sent while it moves: where it is dropped is written into one field, as if typed.
(() => {
  const FAR_ENOUGH = 9; // pixels before a press becomes a drag
  let from = null; // the table that was pressed
  let start = null;
  let ghost = null;
  let over = null;

  const tableAt = (x, y) => {
    const found = document.elementFromPoint(x, y)?.closest?.(".plan .tb");
    return found && found !== from && found.dataset.status !== "out_of_service" ? found : null;
  };

  const light = (table) => {
    if (table === over) return;
    over?.classList.remove("drag-over");
    over = table;
    over?.classList.add("drag-over");
  };

  const end = () => {
    from?.classList.remove("drag-from");
    light(null);
    ghost?.remove();
    from = start = ghost = null;
  };

  // React listens to the field: its own setter must be gone around. It says nothing of a value that
  // stands there already, so the same drop again is told with another number.
  let drops = 0;
  const tell = (pair) => {
    const field = document.querySelector("[data-floor-drop]");
    if (!field) return;
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, `${pair}:${++drops}`);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  document.addEventListener("pointerdown", (event) => {
    const table = event.target.closest?.('.plan .tb[data-status="occupied"]');
    if (!table || event.button !== 0 || !event.isPrimary || !document.querySelector("[data-floor-drop]")) return;
    from = table;
    start = [event.clientX, event.clientY];
  });

  document.addEventListener("pointermove", (event) => {
    if (!from || !event.isPrimary) return;
    if (!ghost) {
      if (Math.hypot(event.clientX - start[0], event.clientY - start[1]) < FAR_ENOUGH) return;
      ghost = document.createElement("div");
      ghost.className = "drag-ghost num";
      ghost.textContent = from.dataset.table;
      document.body.append(ghost);
      from.classList.add("drag-from");
    }
    ghost.style.left = `${event.clientX}px`;
    ghost.style.top = `${event.clientY}px`;
    light(tableAt(event.clientX, event.clientY));
  });

  document.addEventListener("pointerup", (event) => {
    if (!from || !event.isPrimary) return;
    if (ghost) {
      // The click that follows a drag opens no panel.
      const swallow = (click) => { click.preventDefault(); click.stopPropagation(); };
      window.addEventListener("click", swallow, { capture: true, once: true });
      setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), 50);
      const goal = tableAt(event.clientX, event.clientY);
      if (goal) tell(`${from.dataset.id}:${goal.dataset.id}`);
    }
    end();
  });
  document.addEventListener("pointercancel", end);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") end(); });
})();
