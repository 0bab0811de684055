"""What the editor posts of the variants, and what becomes of it."""

from typing import Any

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.text import nfc
from portal.variants import stored
from portal.variants.composers import Master, Texts
from portal.variants.kinds import KINDS, Kind
from portal.variants.texts import adopt, variants_of

NAME = "variant_texts"

Posted = dict[str, "Texts"]


def box(kind: str, name: str) -> str:
    """Return the name of the box with one text."""
    return f"{NAME}-{kind}-{name}"


def composed_box(kind: str, name: str) -> str:
    """Return the name of the hidden box with what was composed when the form was made."""
    return f"{box(kind, name)}-composed"


def keep_box(kind: str) -> str:
    """Return the name of the box that says: looked over, keep it as it is."""
    return f"{NAME}-{kind}-keep"


def lines(text: str) -> str:
    """Return a posted text with plain line ends, without blanks around it."""
    return nfc(text).replace("\r\n", "\n").replace("\r", "\n").strip()


class VariantsInput(forms.Widget):
    """Reads the boxes of all variants; the editor's panel draws them."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, Any] | None:
        posted = {key: self.kind_from(data, kind) for key, kind in KINDS.items()}
        found = {key: texts for key, texts in posted.items() if texts}
        kept = [kind for kind in KINDS if data.get(keep_box(kind))]
        return {"texts": found, "keep": kept} if found or kept else None

    def kind_from(self, data: Any, kind: Kind) -> Texts:
        """Return the posted texts of a kind, "" for one that is as it was composed."""
        texts = {}
        for name in kind.names:
            text = data.get(box(kind.key, name))
            if text is not None:
                composed = lines(data.get(composed_box(kind.key, name)) or "")
                texts[name] = "" if lines(text) == composed else lines(text)
        return texts

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return self.value_from_datadict(data, files, name) is None

    def render(self, *args: Any, **kwargs: Any) -> SafeString:
        return SafeString("")


class VariantsField(forms.Field):
    """All texts of all variants. Too long ones are refused by the form, when it is published."""

    widget = VariantsInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Variants for the channels"), required=False, **kwargs)

    def has_changed(self, initial: Any, data: Any) -> bool:
        if not data:
            return False
        before: dict[str, Texts] = initial or {}
        return bool(data["keep"]) or any(
            {name: text for name, text in texts.items() if text}
            != {name: text for name, text in before.get(kind, {}).items() if name in texts}
            for kind, texts in data["texts"].items()
        )


def apply(page: Any, posted: dict[str, Any], *, before: Master, now: Master) -> None:
    """Give the page what was posted. ``before`` is the master as it was, ``now`` as it is saved."""
    variants = stored.known_since(variants_of(page), before.digest)
    for kind, texts in posted["texts"].items():
        complete = stored.written(variants, kind) | texts
        variants = stored.changed(variants, kind, complete, now.digest)
    variants = stored.kept(variants, now.digest, *posted["keep"])
    adopt(page, variants, before, now)
