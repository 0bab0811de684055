/** Keeps the list of findings fresh, leads to the place of each, and puts offers into plain fields. */

const panel = document.querySelector("[data-checks]");
const CLOSING = 400; // a panel that closes takes the focus to its button
const NARROW = "(max-width: 50rem)"; // there a side panel covers the form

function say(text) {
  const line = panel?.querySelector("[data-checks-said]");
  if (line) line.textContent = text;
}

/** Fetches what is found in the version last saved, and counts it on the panel's button. */
async function refresh() {
  if (!panel?.dataset.listUrl) return;
  try {
    const response = await fetch(panel.dataset.listUrl, { headers: { "X-Requested-With": "fetch" } });
    if (!response.ok) throw new Error(String(response.status));
    panel.querySelector("[data-checks-list]").innerHTML = await response.text();
    say("");
    count();
  } catch {
    say(panel.dataset.problem);
  }
}

function count() {
  const { errors, warnings } = panel.querySelector("[data-errors]").dataset;
  const badge = document.querySelector("[data-side-panel-toggle=findings] [data-side-panel-toggle-counter]");
  if (!badge) return;
  const found = Number(errors) + Number(warnings);
  badge.textContent = found;
  badge.hidden = !found;
  badge.classList.toggle("w-bg-critical-200", Number(errors) > 0);
  badge.classList.toggle("w-bg-warning-100", !Number(errors));
}

/** Finds the form's element for "body.<block>.alt", or for a selector in brackets. */
function find(where) {
  const form = document.querySelector("[data-edit-form]");
  if (where.startsWith("[")) return form.querySelector(where.replace(/=(.*)\]$/, '="$1"]'));
  let found = form;
  for (const part of where.split(".")) {
    const inner = part && found.querySelector(`[data-contentpath="${CSS.escape(part)}"]`);
    if (!inner) break;
    found = inner;
  }
  return found === form ? null : found;
}

/** Opens the tab and every collapsed part that hides the element. */
function reveal(element) {
  const tab = element.closest("[role=tabpanel]");
  if (tab?.hidden) document.querySelector(`[role=tab][href="#${CSS.escape(tab.id)}"]`)?.click();
  for (let part = element; part; part = part.parentElement) {
    if (part.matches("details")) part.open = true;
    if (!part.matches("[data-panel]")) continue;
    const toggle = part.querySelector(":scope > .w-panel__header [data-panel-toggle], :scope > [data-panel-toggle]");
    if (toggle?.getAttribute("aria-expanded") === "false") toggle.click();
  }
}

const TYPED = "input:not([type=hidden]), textarea";
const field = (element) => (element.matches(TYPED) ? element : element.querySelector(TYPED));

function go(where) {
  const element = find(where);
  if (!element) return say(panel?.dataset.missing);
  reveal(element);
  const open = document.querySelector("[data-side-panel-toggle=findings][aria-expanded=true]");
  const covered = matchMedia(NARROW).matches ? open : null;
  covered?.click();
  const target = element.querySelector("[contenteditable=true]") ?? field(element) ?? element.querySelector("button, select") ?? element;
  setTimeout(() => {
    element.scrollIntoView({ block: "center" });
    target.focus({ preventScroll: true });
  }, covered ? CLOSING : 0);
}

function mend(button) {
  const element = find(button.dataset.checksMend);
  const input = element && field(element);
  const at = input ? input.value.indexOf(button.dataset.old) : -1;
  if (at < 0) return say(panel?.dataset.missing);
  reveal(element);
  input.setRangeText(button.dataset.new, at, at + button.dataset.old.length, "end");
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
  button.disabled = true;
  say(panel?.dataset.mended);
}

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.checksCopy);
  say(panel?.dataset.copied);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button");
  if (!button) return;
  if (button.matches("[data-checks-again]")) refresh();
  else if (button.dataset.checksGo) go(button.dataset.checksGo);
  else if (button.dataset.checksMend) mend(button);
  else if (button.dataset.checksCopy) copy(button).catch(() => say(button.dataset.checksCopy));
});

if (panel) {
  document.addEventListener("w-autosave:success", refresh);
  refresh();
}
