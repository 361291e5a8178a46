// A refused log-in comes back with the e-mail address that was typed; it stays in this tab and in no address.
(() => {
  const KEY = "smartmenu_login_email";
  const find = (name) => document.querySelector(`[data-testid=login-${name}]`);
  const kept = (value) => {
    try {
      if (value !== undefined) sessionStorage.setItem(KEY, value);
      return sessionStorage.getItem(KEY) || "";
    } catch (_) {
      return "";
    }
  };
  document.addEventListener("submit", (event) => {
    if (event.target.contains(find("email"))) kept(find("email").value);
  });
  if (!new URLSearchParams(location.search).has("error")) return void kept("");
  const fill = () => {
    const field = find("email");
    if (!field || field.value || !kept()) return;
    field.value = kept();
    find("password")?.focus();
  };
  fill();
  // React may draw the form anew until the page is live.
  const observer = new MutationObserver(() => {
    fill();
    if (document.querySelector("[data-live=true]")) observer.disconnect();
  });
  observer.observe(document.documentElement, { childList: true, subtree: true, attributes: true });
})();
