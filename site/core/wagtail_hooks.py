"""Registrations only."""

import json

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext
from wagtail import hooks


@hooks.register("insert_global_admin_css")
def admin_style() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("core/admin.css"))


@hooks.register("insert_global_admin_js")
def admin_scripts() -> str:
    return format_html(
        '<script src="{}"></script><script type="module" src="{}"></script>'
        '<script src="{}" data-words="{}"></script>',
        static("core/dates.js"),
        static("core/saving.js"),
        static("core/words.js"),
        json.dumps(words()),
    )


def words() -> dict[str, str]:
    """Return what ``words.js`` says in the place of English that Wagtail's scripts hold."""
    return {
        "search": gettext("Search"),
        "none": gettext("No results found"),
        "some": gettext("Results: %s. Choose with the up and down arrow keys."),
    }
