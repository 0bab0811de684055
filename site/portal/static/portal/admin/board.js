/** Copies the Zalo post, as plain text with its link, to be pasted elsewhere. */

const plain = (source) => [...source.querySelectorAll("p")].map((part) => part.innerText.trim()).join("\n\n");

async function copy(event) {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const column = button.closest("section");
  const source = column.querySelector("[data-copy-source]");
  const status = column.querySelector("[data-copy-status]");
  try {
    await navigator.clipboard.writeText(plain(source));
    status.textContent = button.dataset.done;
  } catch {
    // Without https a browser may refuse: mark the text, so that one key stroke is left to do.
    getSelection().selectAllChildren(source);
    status.textContent = button.dataset.failed;
  }
}

document.addEventListener("click", copy);
