/** Counts along in the editor's variants, and composes them anew or keeps them at a click. */

import { measures } from "./counting.js";

const plain = (text) => text.normalize("NFC").trim();

function show(box) {
  const field = box.querySelector("[name]:not([data-composed])");
  const text = plain(field.value);
  let over = false;
  for (const counter of box.querySelectorAll("[data-measure]")) {
    const { measure, limit, rate } = counter.dataset;
    const count = measures[measure](text, Number(rate));
    const tooLong = count > Number(limit);
    counter.querySelector("output").value = count;
    counter.classList.toggle("nc-counter--over", tooLong);
    counter.querySelector("strong").hidden = !tooLong;
    over ||= tooLong;
  }
  if (over) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
  const written = text !== "" && text !== plain(box.querySelector("[data-composed]").value);
  box.querySelector('[data-state="composed"]').hidden = written;
  box.querySelector('[data-state="written"]').hidden = !written;
  return written;
}

function showAll(variant) {
  const written = [...variant.querySelectorAll("[data-box]")].map(show).some(Boolean);
  variant.querySelector("[data-refresh]").hidden = !written;
}

function changed(field) {
  // Wagtail's autosave and its warning about unsaved changes listen for these.
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function refresh(variant) {
  for (const box of variant.querySelectorAll("[data-box]")) {
    const field = box.querySelector("[name]:not([data-composed])");
    field.value = box.querySelector("[data-composed]").value;
    changed(field);
  }
  const note = variant.querySelector("[data-stale-note]");
  if (note) note.hidden = true;
  showAll(variant);
}

function keep(variant) {
  const box = variant.querySelector("[data-keep]");
  if (!box) return;
  box.checked = true;
  changed(box);
}

function click(event) {
  const one = event.target.closest("[data-refresh]");
  if (one) refresh(one.closest("[data-variant]"));
  const all = event.target.closest("[data-all]");
  if (!all) return;
  const verb = all.dataset.all === "keep" ? keep : refresh;
  document.querySelectorAll("[data-variant][data-stale]").forEach(verb);
}

/** Show the variant that the board's link names, once Wagtail has opened its tab. */
function showNamed() {
  const kind = new URLSearchParams(location.search).get("variant");
  const variant = kind && document.querySelector(`[data-variant="${CSS.escape(kind)}"]`);
  if (!variant) return;
  const whenShown = new IntersectionObserver(() => {
    if (!variant.offsetParent) return;
    whenShown.disconnect();
    variant.closest("section").scrollIntoView();
    variant.querySelector("input:not([type=checkbox]), textarea").focus({ preventScroll: true });
  });
  whenShown.observe(variant);
}

if (document.querySelector("[data-variant]")) {
  showNamed();
  document.addEventListener("click", click);
  document.addEventListener("input", (event) => {
    const variant = event.target.closest?.("[data-variant]");
    if (variant) showAll(variant);
  });
  // What was kept is saved; ticked for longer, it would also cover later changes of the master.
  document.addEventListener("w-autosave:success", () => {
    for (const box of document.querySelectorAll("[data-keep]:checked")) {
      box.checked = false;
      box.closest("[data-stale-note]").hidden = true;
      box.closest("[data-variant]").removeAttribute("data-stale");
    }
  });
}
