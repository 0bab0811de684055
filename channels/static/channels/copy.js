// Buttons with data-copy put their text on the clipboard and say so.

const status = document.querySelector("[data-copy-status]");

async function copy(button) {
  let said = button.dataset.copied;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    // Refused, or the page came over plain HTTP: select the address for the reader instead.
    const address = (button.closest("figure") ?? button.parentElement).querySelector("code, input");
    if (address.select) address.select();
    else getSelection().selectAllChildren(address);
    said = button.dataset.failed;
  }
  if (status) status.textContent = said;
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}
