"""The variants of a page: what each says, what is stale, what is too long."""

from typing import TYPE_CHECKING, Any

from portal.variants import stored
from portal.variants.composers import Master, Texts
from portal.variants.kinds import KINDS

if TYPE_CHECKING:
    from portal.models import StoryPage


def master_of(page: "StoryPage") -> Master:
    """Return the master text as the page has it now."""
    return Master(
        title=page.title,
        summary=page.summary_text,
        text=page.body_text(),
        level=page.level,
    )


def variants_of(page: "StoryPage") -> dict[str, Any]:
    """Return what the page keeps; {} when it is not as we write it (an import, the admin API)."""
    return page.variants if isinstance(page.variants, dict) else {}


def texts_of(page: "StoryPage", master: Master | None = None) -> dict[str, Texts]:
    """Return the texts of every kind, as written or composed."""
    master = master or master_of(page)
    variants = variants_of(page)
    return {kind: stored.effective(variants, kind, master) for kind in KINDS}


def frozen(page: "StoryPage") -> dict[str, Texts]:
    """Return what goes to the channels: what was written, and what they do not compose."""
    variants, master = variants_of(page), master_of(page)
    return {
        key: texts
        for key, kind in KINDS.items()
        if (
            texts := stored.written(variants, key)
            if kind.left_to_receiver
            else stored.effective(variants, key, master)
        )
    }


def stale_kinds(page: "StoryPage", master: Master | None = None) -> list[str]:
    """Return the kinds whose texts were written before the master changed."""
    return stored.stale(variants_of(page), (master or master_of(page)).digest)


def adopt(page: "StoryPage", variants: dict[str, Any], *masters: Master) -> None:
    """Give the page these variants, with the words of the masters they are based on. No saving."""
    known = page.variant_masters if isinstance(page.variant_masters, dict) else {}
    page.variants = variants
    page.variant_masters = stored.remembered(known, variants, *masters)
