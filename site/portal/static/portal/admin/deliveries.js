/** Keeps the delivery panel of the page editor fresh, and sends its verbs without leaving the form. */

const MOVING = 700; // something is on its way
const RESTING = 5000;

const panel = document.querySelector("[data-deliveries]");
const shown = panel?.querySelector("[data-deliveries-shown]") ?? panel;
let last = "";

const states = () => new Set([...shown.querySelectorAll("[data-news]")].map((line) => line.dataset.news));

/** Tells a screen reader what changed, not the whole list again. */
function tell(before) {
  const changed = [...states()].filter((line) => !before.has(line));
  const news = panel.querySelector("[data-deliveries-news]");
  if (news && changed.length) news.textContent = changed.join("; ");
}

async function show(request) {
  const response = await fetch(request, { headers: { "X-Requested-With": "fetch", "X-CSRFToken": panel.dataset.csrf } });
  if (!response.ok) throw new Error(String(response.status));
  const fresh = await response.text();
  delete panel.dataset.stale;
  if (fresh === last) return;
  const before = states();
  shown.innerHTML = fresh;
  if (last) tell(before);
  last = fresh;
}

async function refresh() {
  if (!document.hidden && !panel.contains(document.activeElement)) {
    try {
      await show(panel.dataset.listUrl);
    } catch {
      panel.dataset.stale = panel.dataset.problem;
    }
  }
  const moving = panel.querySelector("[data-moving]");
  setTimeout(refresh, moving ? MOVING : RESTING);
}

async function act(event) {
  const button = event.target.closest("[data-verb-url]");
  if (!button) return;
  button.disabled = true;
  try {
    await show(new Request(button.dataset.verbUrl, { method: "POST" }));
    button.disabled = false;
  } catch {
    panel.querySelector("[data-deliveries-list]").prepend(panel.dataset.problem);
  }
}

if (panel) {
  panel.addEventListener("click", act);
  setTimeout(refresh, MOVING);
}
