"""Who changed the words of a page or record last, from the versions that Wagtail keeps."""

from collections.abc import Iterator
from itertools import count
from typing import Any

from wagtail.models import Revision

from core.wording import last_editor, words_of

FIRST_LOOK = 3  # nearly always the newest version, or the one before, changed the words


def last_editor_of(instance: Any, revision: Revision) -> int | None:
    """Return the id of the user who changed the words last, up to this version."""
    model = type(instance)
    return last_editor(
        (user, words_of(content, model)) for user, content in versions(instance, revision)
    )


def versions(instance: Any, revision: Revision) -> Iterator[tuple[int | None, Any]]:
    """Yield (user id, content) of the version and those before it, the newest first."""
    up_to = Revision.objects.for_instance(instance).filter(created_at__lte=revision.created_at)
    rows = up_to.order_by("-created_at", "-pk").values_list("user_id", "content")
    for look in count():
        start = FIRST_LOOK * (4**look - 1) // 3  # 0, 3, 15, 63 …
        found = list(rows[start : start + FIRST_LOOK * 4**look])
        yield from found
        if len(found) < FIRST_LOOK * 4**look:
            return
