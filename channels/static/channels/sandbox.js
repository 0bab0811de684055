/* Keeps the chat up to date: asks every second, touches only what changed. */

const chat = document.getElementById("chat");
const offline = document.getElementById("offline");
const EVERY = 1000;

function atBottom() {
  return window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 80;
}

function toBottom() {
  window.scrollTo({ top: document.documentElement.scrollHeight });
}

function replace(id, fresh) {
  const old = document.getElementById(id);
  const changed = fresh.getElementById(id);
  if (old.innerHTML !== changed.innerHTML) old.replaceChildren(...changed.childNodes);
}

/* Screen readers announce additions to the log, so unchanged messages must stay in place. */
function mergeMessages(fresh) {
  const list = document.getElementById("messages");
  const wanted = [...fresh.getElementById("messages").children];
  const ids = new Set(wanted.map((item) => item.id));
  for (const item of [...list.children]) if (!ids.has(item.id)) item.remove();
  wanted.forEach((item, index) => {
    const old = document.getElementById(item.id);
    if (!old) list.insertBefore(item, list.children[index] ?? null);
    else if (old.dataset.version !== item.dataset.version) old.replaceWith(item);
  });
}

async function refresh() {
  const answer = await fetch(chat.dataset.source, { cache: "no-store" });
  if (!answer.ok) throw new Error(String(answer.status));
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const follow = atBottom();
  replace("pinned", fresh);
  replace("state", fresh);
  mergeMessages(fresh);
  if (follow) toBottom();
}

async function keepUp() {
  try {
    if (!document.hidden) await refresh();
    offline.textContent = "";
  } catch {
    offline.textContent = ` · ${offline.dataset.words}`;
  }
  setTimeout(keepUp, EVERY);
}

if (!location.hash) toBottom();
setTimeout(keepUp, EVERY);
