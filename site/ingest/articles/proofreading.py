"""Slips of the keyboard an editor should look at. They are reported, never changed."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from core.spelling.doubling import glued, repeats

_RUN_ON = re.compile(r"[^\W\d_A-Z][,;][^\W\d_]")


def slips(place: str, text: str) -> Iterator[str]:
    """Yield a warning for each doubled or glued word, naming the place and the words around it."""
    for slip in repeats(text):
        yield _("%(place)s: doubled word in “%(context)s”.") % {
            "place": place,
            "context": slip.context,
        }
    for slip in glued(text):
        yield _("%(place)s: “%(word)s” may be %(parts)s written together, in “%(context)s”.") % {
            "place": place,
            "word": text[slip.start : slip.end],
            "parts": f"“{slip.meant}”",
            "context": slip.context,
        }
    for match in _RUN_ON.finditer(text):
        yield _("%(place)s: no space after the mark in “%(context)s”.") % {
            "place": place,
            "context": text[max(0, match.start() - 15) : match.end() + 15].strip(),
        }
