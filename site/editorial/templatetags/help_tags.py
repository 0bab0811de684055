"""Empty lists that say what to do next."""

from typing import Any

from django import template

from editorial.help.hints import hint_for

register = template.Library()


@register.inclusion_tag("editorial/help/empty.html", takes_context=True)
def empty_list(context: Any) -> dict[str, Any]:
    """Say that the list is empty, or that nothing matches, and what to do about it."""
    view = context.get("view")
    is_narrowed = bool(context.get("is_searching") or context.get("is_filtering"))
    add_url = context.get("add_url") or context.get("header_action_url")
    return {
        "is_narrowed": is_narrowed,
        "names": context.get("verbose_name_plural") or "",
        "hint": hint_for(view),
        "add_url": "" if is_narrowed else add_url,
        "add_label": context.get("header_action_label") or "",
        "index_url": context.get("index_url") or "",
        "message": context.get("no_results_message") or "",
    }
