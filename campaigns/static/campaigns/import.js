// While the rows of an import are stored, shows how many are: the page stays until the answer comes.
// Without this script the button alone says that it is at work.

const PAUSE = 300; // milliseconds
const form = document.querySelector("[data-import-progress]");

async function ask(address, bar, words) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  const found = answer.ok ? await answer.json() : null;
  if (!found) return;
  bar.max = found.total;
  bar.value = found.done;
  words.textContent = `${found.done}/${found.total}`;
}

form?.addEventListener("submit", (event) => {
  if (event.submitter?.name === "check") return;
  const box = form.querySelector(".plan-import-progress");
  const address = new URL(form.dataset.importProgress, document.baseURI);
  address.searchParams.set("key", form.elements.progress.value);
  box.hidden = false;
  const again = () =>
    ask(address, box.querySelector("progress"), box.querySelector("output"))
      .catch(() => {}) // the answer itself says what went wrong
      .finally(() => setTimeout(again, PAUSE));
  again();
});
