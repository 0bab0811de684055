/** Keeps the board of deliveries fresh, but never under somebody who is ticking. */

const EVERY = 5000; // milliseconds

const board = document.querySelector("[data-board]");

const resting = () =>
  document.hidden || board.contains(document.activeElement) || board.querySelector("input:checked");

async function refresh() {
  if (!resting()) {
    try {
      const response = await fetch(board.dataset.listUrl, { headers: { "X-Requested-With": "fetch" } });
      if (!response.ok) throw new Error(String(response.status));
      const left = board.querySelector(".nc-matrix__scroll")?.scrollLeft ?? 0;
      const fresh = await response.text();
      if (!resting()) {
        board.innerHTML = fresh;
        board.querySelector(".nc-matrix__scroll")?.scrollTo({ left });
      }
      delete board.dataset.stale;
    } catch {
      board.dataset.stale = board.dataset.problem;
    }
  }
  setTimeout(refresh, EVERY);
}

if (board) setTimeout(refresh, EVERY);
