/* Narrows a long list of boxes to those whose words hold what is typed, with or without diacritics. */
(() => {
  const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();

  const narrow = (list, words) => {
    list.querySelectorAll("label:has(input)").forEach((label) => {
      const isWanted = words.every((word) => folded(label.textContent).includes(word));
      label.parentElement.hidden = !isWanted && !label.querySelector("input").checked;
    });
    list.querySelectorAll(":scope > div").forEach((group) => {
      group.hidden = !group.querySelector("div:not([hidden]) > label > input");
    });
  };

  const equip = (list, words) => {
    const field = document.createElement("input");
    field.type = "search";
    field.className = "picked-words";
    field.placeholder = words;
    field.setAttribute("aria-label", words);
    field.addEventListener("input", () => narrow(list, folded(field.value).split(/\s+/).filter(Boolean)));
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault(); // it is no answer to the form
    });
    list.before(field);
  };

  document.addEventListener("DOMContentLoaded", () => {
    const form = document.querySelector("[data-picked]");
    if (form) form.querySelectorAll("div.picked").forEach((list) => equip(list, form.dataset.picked));
  });
})();
