"""Corrections, withdrawals and copies on paper of items that are or were public.

``last_of`` says what became of an item; ``forms.CorrectionForm`` and ``deciding.needed`` are what
an approval asks; ``ripple.register`` adds places an item went to.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portal.models import Correction


def last_of(page: Any) -> "Correction | None":
    """Return the newest correction, withdrawal or publication again of the item, if any."""
    from portal.models import Correction  # noqa: PLC0415 - models are not loaded yet

    return Correction.objects.of_story(page.story).newest_first().first()


def last_kinds(pages: Any) -> Any:
    """Annotate a query set of pages with ``last_correction``: the kind of the newest, or null."""
    from django.db.models import OuterRef, Subquery  # noqa: PLC0415

    from portal.models import Correction  # noqa: PLC0415

    newest = Correction.objects.filter(page=OuterRef("pk")).newest_first().values("kind")[:1]
    return pages.annotate(last_correction=Subquery(newest))
