/* A date that does not exist stays as it was typed, so that the form can refuse it. Left to itself
   the picker turns 30/2 into 2/3, and words into today, as soon as the field is left. */
window.jQuery.fn.datetimepicker.defaults.validateOnBlur = false;

// That check also closed the picker, which opens a moment after its field is entered: perhaps when
// the person has left it already.
const OPENS_WITHIN = 250; // milliseconds

document.addEventListener("focusout", ({ target }) => {
  const field = window.jQuery(target);
  if (!field.data("xdsoft_datetimepicker")) return;
  field.datetimepicker("hide");
  setTimeout(() => {
    if (document.activeElement !== target) field.datetimepicker("hide");
  }, OPENS_WITHIN);
});
