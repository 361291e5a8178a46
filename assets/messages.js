// Conversations: the time left to answer runs by itself, the newest message is in sight, Enter sends.
(() => {
  let told = "";
  let endsAt = 0;
  let seen = "";

  const write = (element, text) => {
    const node = element.firstChild;
    if (node && node.nodeType === 3) { if (node.nodeValue !== text) node.nodeValue = text; }
  };

  // The server tells how many seconds are left; device clocks may be wrong, their pace is not.
  const countDown = () => {
    const chip = document.querySelector("[data-testid=message-window]");
    if (!chip) { told = ""; return; }
    const thread = document.querySelector("[data-thread]")?.dataset.thread ?? "";
    const key = `${thread}:${chip.dataset.seconds}`;
    if (key !== told) endsAt = performance.now() + Number(chip.dataset.seconds) * 1000;
    const left = Math.max(0, Math.round((endsAt - performance.now()) / 1000));
    chip.dataset.seconds = left;
    told = `${thread}:${left}`;
    write(chip.querySelector("b"), `${Math.floor(left / 3600)}:${String(Math.floor(left / 60) % 60).padStart(2, "0")}`);
  };

  const follow = () => {
    const list = document.querySelector("[data-thread]");
    const key = list ? `${list.dataset.thread}:${list.childElementCount}` : "";
    if (key !== seen && list) list.scrollTop = list.scrollHeight;
    seen = key;
  };

  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    if (!field.matches?.("[data-enter-sends]") || matchMedia("(pointer: coarse)").matches) return;
    event.preventDefault();
    if (field.value.trim()) field.form.requestSubmit();
  });

  setInterval(countDown, 1000);
  // The script may run before there is a body.
  new MutationObserver(follow).observe(document.documentElement, { childList: true, subtree: true });
  follow();
})();
