/** Keeps the board of deliveries fresh, but never under somebody who is ticking. */

const EVERY = 5000; // milliseconds
const MOST_SAID = 5; // changes that a screen reader is told of at once

const board = document.querySelector("[data-board]");
const news = document.querySelector("[data-board-news]");
let shown = "";

const resting = () =>
  document.hidden || board.contains(document.activeElement) || board.querySelector("input:checked");

const states = () => new Set([...board.querySelectorAll("[data-news]")].map((cell) => cell.dataset.news));

/** Says what changed, and nothing when nothing did. */
function tell(before) {
  const changed = [...states()].filter((line) => !before.has(line));
  if (changed.length) news.textContent = `${board.dataset.changed}: ${changed.slice(0, MOST_SAID).join("; ")}`;
}

function show(fresh) {
  if (fresh === shown) return;
  const left = board.querySelector(".nc-matrix__scroll")?.scrollLeft ?? 0;
  const before = states();
  board.innerHTML = fresh;
  board.querySelector(".nc-matrix__scroll")?.scrollTo({ left });
  if (shown) tell(before);
  shown = fresh;
}

async function refresh() {
  if (!resting()) {
    try {
      const response = await fetch(board.dataset.listUrl, { headers: { "X-Requested-With": "fetch" } });
      if (!response.ok) throw new Error(String(response.status));
      const fresh = await response.text();
      if (!resting()) show(fresh);
      delete board.dataset.stale;
    } catch {
      board.dataset.stale = board.dataset.problem;
    }
  }
  setTimeout(refresh, EVERY);
}

if (board) setTimeout(refresh, EVERY);
