// Counts a code's time down, sees by itself that staff have taken it, and sends no form twice.
// Without this script the page works by loading it again.
(() => {
  const shown = [...document.querySelectorAll("time[data-seconds]")];
  const until = shown.map((one) => performance.now() + Number(one.dataset.seconds) * 1000);
  const tick = () => {
    shown.forEach((one, index) => {
      const left = Math.max(0, Math.ceil((until[index] - performance.now()) / 1000));
      one.textContent = left ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}` : "";
      if (!left && !one.dataset.gone) {
        one.dataset.gone = "1";
        one.parentElement.classList.add("gone");
        one.parentElement.textContent = one.dataset.over;
      }
    });
  };
  if (shown.length) {
    tick();
    setInterval(tick, 1000);
    // Staff have the code in their hands: what became of it shows here without a tap.
    const look = async () => {
      if (document.hidden) return;
      try {
        const answer = await fetch(location.pathname, { headers: { accept: "text/html" } });
        if (!answer.ok) return;
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const codes = (of) => [...of.querySelectorAll("[data-code]")].map((one) => one.dataset.code).join();
        if (codes(page) !== codes(document)) location.replace(location.pathname);
      } catch {
        // No connection: the next look tells.
      }
    };
    setInterval(look, 5000);
  }
  for (const form of document.querySelectorAll("form[method=post]")) {
    form.addEventListener("submit", () => {
      const button = form.querySelector("[type=submit]");
      // Not before this turn is over: a disabled button would not be sent.
      if (button) setTimeout(() => { button.setAttribute("aria-busy", "true"); button.disabled = true; });
    });
  }
  for (const field of document.querySelectorAll("input[readonly]")) {
    field.addEventListener("focus", () => field.select());
  }
  addEventListener("pageshow", () => {
    for (const button of document.querySelectorAll("[aria-busy]")) {
      button.removeAttribute("aria-busy");
      button.disabled = false;
    }
  });
})();
