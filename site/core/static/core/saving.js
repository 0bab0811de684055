/* A button of the editor waits for the automatic save that is under way. Sent meanwhile, the form
   would be older than what is being saved: Wagtail takes that for somebody else's newer version,
   and of an item just begun it would make two. */
const PATIENCE = 10_000; // milliseconds: no answer to the automatic save must not hold people up

let saving = false;
let leaving = false;
let waiting = null;
let timer = 0;

const isEditor = (form) => form.matches("form[data-controller~='w-autosave']");

function proceed() {
  saving = false;
  if (!waiting) return;
  const { form, button } = waiting;
  waiting = null;
  clearTimeout(timer);
  leaving = true;
  if (button) button.disabled = false; // as Wagtail leaves a pressed one, its action would be lost
  form.requestSubmit(button);
}

document.addEventListener("w-autosave:save", (event) => {
  if (leaving) event.preventDefault();
  else if (!event.defaultPrevented) saving = true;
});
document.addEventListener("w-autosave:success", proceed);
document.addEventListener("w-autosave:error", proceed);

document.addEventListener(
  "submit",
  (event) => {
    if (!isEditor(event.target) || !saving) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!waiting) timer = setTimeout(proceed, PATIENCE);
    waiting = { form: event.target, button: event.submitter };
  },
  { capture: true },
);
document.addEventListener("submit", (event) => {
  // A dialogue that asks first keeps the person here, and the automatic save at work.
  if (isEditor(event.target)) leaving = !event.defaultPrevented;
});
