// Makes the booking forms smoother: another day or size shows its times without a button, and what
// was typed about oneself is kept. Without this script everything works by its buttons.
(() => {
  document.documentElement.classList.add("js");
  const asked = document.querySelector("[data-asks]");
  if (asked) asked.addEventListener("change", () => asked.requestSubmit());
  for (const form of document.querySelectorAll("form[method=post]")) {
    form.addEventListener("submit", () => {
      const button = form.querySelector("[type=submit]");
      // Not before this turn is over: a disabled button would not be sent.
      if (button) setTimeout(() => { button.setAttribute("aria-busy", "true"); button.disabled = true; });
    });
  }
  // Back from the next page: the form is usable again.
  addEventListener("pageshow", () => {
    for (const button of document.querySelectorAll("[aria-busy]")) {
      button.removeAttribute("aria-busy");
      button.disabled = false;
    }
  });
})();
