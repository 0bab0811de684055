// Dragging an entry of a calendar to a day opens the form that moves it, filled with that day. The
// calendar names the class of a day that an entry is held over (data-calendar).
// Without this script the link beside the entry does the same.

const calendar = document.querySelector("[data-calendar]");
const over = calendar?.dataset.calendar;
let moving = "";

function cellOf(event) {
  return moving ? event.target.closest("[data-day]") : null;
}

function leave() {
  for (const cell of calendar.querySelectorAll(`.${over}`)) {
    cell.classList.remove(over);
  }
}

if (calendar) {
  for (const entry of calendar.querySelectorAll("[data-move]")) {
    entry.draggable = true;
    for (const link of entry.querySelectorAll("a")) link.draggable = false;
  }

  calendar.addEventListener("dragstart", (event) => {
    const entry = event.target.closest?.("[data-move]");
    moving = entry?.dataset.move ?? "";
    if (moving) event.dataTransfer.setData("text/plain", moving);
  });

  calendar.addEventListener("dragover", (event) => {
    const cell = cellOf(event);
    if (!cell) return;
    event.preventDefault();
    leave();
    cell.classList.add(over);
  });

  calendar.addEventListener("drop", (event) => {
    const cell = cellOf(event);
    if (!cell) return;
    event.preventDefault();
    leave();
    window.location.assign(`${moving}?day=${encodeURIComponent(cell.dataset.day)}`);
  });

  calendar.addEventListener("dragend", () => {
    moving = "";
    leave();
  });
}
