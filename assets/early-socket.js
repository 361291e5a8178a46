// Opens this tab's socket and asks for its state while the scripts are still on their way. Inlined behind the first paint.
// The framework finds the open socket when it makes its own, and what was answered meanwhile is told to it then.
(() => {
  const { state, schema, hashes, version } = document.currentScript.dataset;
  const Plain = globalThis.WebSocket;
  const say = (socket, text) => Plain.prototype.send.call(socket, text);
  const held = [];
  let [socket, address, hello, listener, isTaken, hasSaidHello] = [null, "", "", null, false, false];
  const isForNow = ({ data }) => isTaken && (hasSaidHello || data[0] !== "4");
  const tell = () => {
    while (held.length && isForNow(held[0])) listener?.(held.shift());
  };
  const open = () => {
    if (isTaken) return;
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
    address = `${origin.replace(/^http/, "ws")}/_event/?token=${encodeURIComponent(token)}&EIO=4&transport=websocket`;
    // Sign for sign what the framework says when it connects: this is said in its place.
    hello = `40/_event,${JSON.stringify({
      event: {
        name: `${state}.hydrate_and_load`,
        payload: { hashes: hashes.split(" ") },
        router_data: { pathname, asPath: pathname + search + hash, query: { ...Object.fromEntries(new URLSearchParams(search)), slug: pathname.split("/")[2] } },
      },
      state_schema: schema,
    })}`;
    socket = new Plain(address, [version]);
    socket.addEventListener("message", (event) => {
      if (event.data[0] === "0") say(socket, hello);
      else if (!isTaken && event.data === "2") return say(socket, "3");
      held.push(event);
      tell();
    });
    addEventListener("pagehide", () => isTaken || socket.close(), { once: true });
  };
  const take = () => {
    const isOpen = socket.readyState === Plain.OPEN;
    Object.defineProperty(socket, "onmessage", { set: (one) => { listener = one; } });
    socket.send = (data) => {
      if (hasSaidHello || !data.startsWith?.("40")) return say(socket, data);
      hasSaidHello = true;
      // Something else, as from another address: the framework connects anew and says it itself.
      if (data !== hello) return socket.close();
      queueMicrotask(tell);
    };
    queueMicrotask(() => {
      if (isOpen) socket.onopen?.(new Event("open"));
      tell();
    });
    return socket;
  };
  const Early = function (url, protocols) {
    const isOurs = !isTaken && socket && url === address && socket.readyState <= Plain.OPEN;
    // Once: whoever was faster has the tab's socket, and later ones are the framework's own.
    isTaken = true;
    return isOurs ? take() : new Plain(url, protocols);
  };
  globalThis.WebSocket = Object.assign(Object.setPrototypeOf(Early, Plain), { prototype: Plain.prototype });
  // When the first paint is on the screen; a tab that nobody sees is not connected early.
  requestAnimationFrame(() => setTimeout(open));
})();
