// Opens this tab's socket and asks for its state while the scripts are still on their way. Inlined behind the first paint.
// The framework finds the open socket when it makes its own, and what was answered meanwhile is told to it then.
(() => {
  const { state, schema, hashes, version } = document.currentScript.dataset;
  const Plain = globalThis.WebSocket;
  if (document.visibilityState === "hidden") return;
  let token;
  try {
    token = sessionStorage.getItem("token");
    if (!token) {
      token = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
      sessionStorage.setItem("token", token);
    }
  } catch (_) {
    return;
  }
  const { origin, pathname, search, hash } = location;
  const address = `${origin.replace(/^http/, "ws")}/_event/?token=${encodeURIComponent(token)}&EIO=4&transport=websocket`;
  // Sign for sign what the framework says when it connects: this is said in its place.
  const hello = `40/_event,${JSON.stringify({
    event: {
      name: `${state}.hydrate_and_load`,
      payload: { hashes: hashes.split(" ") },
      router_data: { pathname, asPath: pathname + search + hash, query: { ...Object.fromEntries(new URLSearchParams(search)), slug: pathname.split("/")[2] } },
    },
    state_schema: schema,
  })}`;
  const socket = new Plain(address, [version]);
  const held = [];
  let [listener, isTaken, hasSaidHello] = [null, false, false];
  const isForNow = ({ data }) => isTaken && (hasSaidHello || data[0] !== "4");
  const tell = () => {
    while (held.length && isForNow(held[0])) listener?.(held.shift());
  };
  socket.addEventListener("message", (event) => {
    if (event.data[0] === "0") Plain.prototype.send.call(socket, hello);
    else if (!isTaken && event.data === "2") return socket.send("3");
    held.push(event);
    tell();
  });
  addEventListener("pagehide", () => isTaken || socket.close(), { once: true });
  const Early = function (url, protocols) {
    if (isTaken || url !== address || socket.readyState > Plain.OPEN) return new Plain(url, protocols);
    isTaken = true;
    const isOpen = socket.readyState === Plain.OPEN;
    Object.defineProperty(socket, "onmessage", { set: (one) => { listener = one; } });
    socket.send = (data) => {
      if (hasSaidHello || !data.startsWith?.("40")) return Plain.prototype.send.call(socket, data);
      hasSaidHello = true;
      // Somebody else's words, as from another build: it connects anew and says them itself.
      if (data !== hello) return socket.close();
      queueMicrotask(tell);
    };
    queueMicrotask(() => {
      if (isOpen) socket.onopen?.(new Event("open"));
      tell();
    });
    return socket;
  };
  globalThis.WebSocket = Object.assign(Object.setPrototypeOf(Early, Plain), { prototype: Plain.prototype });
})();
