/* English that Wagtail writes without asking for a translation: the name of its search buttons, and
   what the suggestions of a tag field tell a screen reader. */
{
  const words = JSON.parse(document.currentScript.dataset.words);

  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll('input[type="submit"][value="Search"]')) {
      button.value = words.search;
    }
  });

  const suggestions = window.jQuery?.ui?.autocomplete?.prototype;
  if (suggestions) {
    suggestions.options.messages = {
      noResults: words.none,
      results: (count) => words.some.replace("%s", count),
    };
  }
}
