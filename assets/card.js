// What a guest's card does without asking the server: arrows between its tabs, the field to go on with, and
// the way back.
(() => {
  if (window.smartmenuCard) return;
  window.smartmenuCard = true;

  // Tabs as WAI-ARIA has them: one stop of the Tab key, arrows go from one to the next and open it.
  const STEPS = { ArrowRight: 1, ArrowLeft: -1, Home: "first", End: "last" };
  const arrows = (event) => {
    const tab = event.target.closest?.('[role="tab"]');
    const list = tab?.closest('[role="tablist"]');
    const step = STEPS[event.key];
    if (!list || step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const all = [...list.querySelectorAll('[role="tab"]')];
    const way = getComputedStyle(list).direction === "rtl" ? -1 : 1;
    const ahead = (all.indexOf(tab) + way * step + all.length) % all.length;
    const next = step === "first" ? all[0] : step === "last" ? all[all.length - 1] : all[ahead];
    event.preventDefault();
    next.focus();
    next.click();
  };

  // A button that opens another part can name the field to go on with.
  let wanted = "";
  const goOn = () => {
    const field = wanted && document.getElementById(wanted);
    if (field) { wanted = ""; field.focus(); }
  };

  // Back is where one came from, with its place; the link's own address is for who came from outside.
  const back = (event) => {
    if (!event.target.closest?.("[data-back]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!(history.state?.idx > 0)) return;
    event.preventDefault();
    event.stopPropagation();
    history.back();
  };

  document.addEventListener("click", back, true);
  document.addEventListener("click", (event) => {
    const name = event.target.closest?.("[data-focus]")?.dataset.focus;
    if (name) { wanted = name; goOn(); }
  });
  document.addEventListener("keydown", arrows);
  new MutationObserver(() => { goOn(); }).observe(document.documentElement, { subtree: true, childList: true });
})();
