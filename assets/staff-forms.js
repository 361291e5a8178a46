// What the forms of staff screens need of the browser: sending pictures, going to the field that was refused,
// and a word before somebody leaves with something unsaved.
(() => {
  if (globalThis.smartmenuForms) return;
  globalThis.smartmenuForms = true;

  const say = (box, text, isBad) => {
    const line = box.querySelector("[data-progress]");
    line.hidden = !text;
    line.textContent = text;
    line.classList.toggle("bad", Boolean(isBad));
  };

  // React hears a change only when it did not write the value itself.
  const write = (input, value) => {
    const setter = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
    setter.call(input, "");
    input.dispatchEvent(new Event("input", { bubbles: true }));
    setter.call(input, value);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const send = (input) => {
    const file = input.files[0];
    const box = input.closest("[data-picture]");
    if (!file || !box) return;
    const { upload, kind, busy, failed } = input.dataset;
    const request = new XMLHttpRequest();
    request.open("POST", `${upload}?kind=${kind}`);
    request.responseType = "json";
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) say(box, `${busy} ${Math.round((100 * event.loaded) / event.total)}\u202f%`);
    };
    request.onload = () => {
      if (request.status === 201) {
        say(box, "");
        write(box.querySelector("[data-stored]"), request.response.picture_file);
      } else {
        say(box, request.response?.error ?? failed, true);
      }
    };
    request.onerror = () => say(box, failed, true);
    say(box, `${busy} 0\u202f%`);
    request.send(file);
    // The same file may be chosen again after a failure.
    input.value = "";
  };

  document.addEventListener("change", (event) => {
    if (event.target.matches?.("input[type=file][data-upload]")) {
      event.stopPropagation();
      send(event.target);
    }
  }, true);

  for (const [name, isOver] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
    document.addEventListener(name, (event) => {
      event.target.closest?.(".drop")?.classList.toggle("over", isOver);
    });
  }

  new MutationObserver((changes) => {
    const isRefusal = changes.some((change) => change.target.getAttribute("aria-invalid") === "true");
    if (isRefusal) document.querySelector('[data-form] [aria-invalid="true"]')?.focus();
  }).observe(document.documentElement, { subtree: true, attributeFilter: ["aria-invalid"] });

  addEventListener("beforeunload", (event) => {
    if (document.querySelector('[data-unsaved="true"]')) event.preventDefault();
  });
})();
