/* A date that does not exist stays as it was typed, so that the form can refuse it. Left to itself
   the picker turns 30/2 into 2/3, and words into today, as soon as the field is left. */
window.jQuery.fn.datetimepicker.defaults.validateOnBlur = false;

// That check also closed the picker.
document.addEventListener("focusout", ({ target }) => {
  const field = window.jQuery(target);
  if (field.data("xdsoft_datetimepicker")) field.datetimepicker("hide");
});
