/** Names rich text editors for screen readers: Wagtail leaves them without a name inside blocks. */

const EDITOR = ".public-DraftEditor-content:not([aria-label], [aria-labelledby])";

function label() {
  for (const editor of document.querySelectorAll(EDITOR)) {
    const name = editor.closest("section[aria-labelledby]")?.getAttribute("aria-labelledby");
    if (name) editor.setAttribute("aria-labelledby", name);
  }
}

new MutationObserver(label).observe(document.body, { childList: true, subtree: true });
label();
