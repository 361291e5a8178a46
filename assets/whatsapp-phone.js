// The demo's phone: sends what is typed, shows what comes, once a second.
const talk = document.getElementById("talk");
const words = document.getElementById("words");
const KEY = "smartmenu-demo-phone";
let me = localStorage.getItem(KEY);
if (!me) {
  me = `4930${Math.floor(1e6 + Math.random() * 9e6)}`;
  localStorage.setItem(KEY, me);
}
document.querySelector("header p").append(` · +${me}`);
let last = 0;
let busy = false;

const send = (message) =>
  fetch("/dev/whatsapp/messages", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ me, ...message }),
  }).then(look);

function show(message) {
  const item = document.createElement("li");
  item.dataset.testid = "wa-message";
  item.dataset.from = message.from;
  item.dir = "auto";
  for (const [number, part] of message.text.split(/\*([^*\n]+)\*/).entries()) {
    // Every second part stood between stars: WhatsApp shows it bold.
    const words = number % 2 ? document.createElement("b") : document.createTextNode("");
    words.textContent = part;
    item.append(words);
  }
  for (const one of message.buttons) {
    const button = document.createElement("button");
    button.dataset.testid = "wa-button";
    button.textContent = one.title;
    button.addEventListener("click", () => send({ text: one.title, button: one.id }));
    item.append(button);
  }
  talk.append(item);
  item.scrollIntoView({ block: "end" });
  last = Math.max(last, message.n);
}

async function look() {
  if (busy) return;
  busy = true;
  try {
    const answer = await fetch(`/dev/whatsapp/messages?me=${me}&after=${last}`);
    if (answer.ok) (await answer.json()).forEach(show);
  } finally {
    busy = false;
  }
}

document.getElementById("write").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = words.value.trim();
  if (!text) return;
  words.value = "";
  send({ text });
});
words.value = new URLSearchParams(location.search).get("text") ?? "";
look();
setInterval(() => look().catch(() => {}), 1000);
