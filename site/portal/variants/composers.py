"""From the master text to the text of each kind. Pure: no page, no database, never raises."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from django.conf import settings
from django.utils import translation
from django.utils.translation import pgettext

from media.speech import speak
from portal.variants.counting import fits
from portal.variants.cutting import PARAGRAPH, beginning, closed, within
from portal.variants.kinds import KINDS, Limits

# A Telegram message that goes under a picture has 1,024 units; the rest is headline and link.
SHORT_MESSAGE = Limits(units=700)

Texts = dict[str, str]


@dataclass(frozen=True, slots=True)
class Master:
    """What every variant is made from. ``text`` is plain, its paragraphs parted by blank lines."""

    title: str
    summary: str
    text: str
    level: str = "normal"

    @property
    def words(self) -> Texts:
        """The texts whose change makes variants stale."""
        return {"title": self.title, "summary": self.summary, "text": self.text}

    @property
    def digest(self) -> str:
        """SHA-256 of the words, its first 32 hexadecimal digits."""
        words = json.dumps(self.words, sort_keys=True).encode("utf-8", "surrogatepass")
        return hashlib.sha256(words).hexdigest()[:32]

    @property
    def lead(self) -> str:
        """The summary, unless the text begins with it and would say it twice."""
        opening = " ".join(self.text.split())
        return "" if opening.startswith(self.summary.rstrip("…")) else self.summary

    @property
    def paragraphs(self) -> list[str]:
        return [part.strip() for part in self.text.split(PARAGRAPH) if part.strip()]


@lru_cache(maxsize=512)
def _said(paragraph: str) -> str:
    return closed(" ".join(speak(paragraph).split()))


def _spoken(master: Master, *, title: bool = True) -> Iterator[str]:
    """Yield the paragraphs as a newsreader says them; nothing is read that is not asked for."""
    first = (master.title,) if title else ()
    for part in (*first, master.lead, *master.paragraphs):
        if part.strip():
            yield _said(part)


def _limits(kind: str, name: str) -> Limits:
    return next(part.limits for part in KINDS[kind].fields if part.name == name)


def _line(text: str, limits: Limits) -> str:
    return beginning(" ".join(text.split()), limits)


def card(title: str, summary: str) -> Texts:
    """Return the portal's card, which needs no more than headline and summary."""
    return {
        "headline": _line(title, _limits("portal", "headline")),
        "teaser": within([" ".join(summary.split())], _limits("portal", "teaser")),
    }


def portal(master: Master) -> Texts:
    return card(master.title, master.summary)


def radio(master: Master) -> Texts:
    return {"text": within(_spoken(master), _limits("radio", "text"))}


def tv(master: Master) -> Texts:
    return {
        "headline": _line(master.title, _limits("tv", "headline")),
        "crawl": crawl(master, _limits("tv", "crawl")),
        "script": within(_spoken(master, title=False), _limits("tv", "script")),
    }


def crawl(master: Master, limits: Limits) -> str:
    """Return one line that runs under the picture: whole sentences if they fit, else the title."""
    sentence = within([" ".join((master.summary or master.title).split())], limits, gap=" ")
    title = _line(master.title, limits)
    return title if sentence.endswith("…") and title else sentence or title


def telegram(master: Master) -> Texts:
    """Return the whole item if it is short, else its summary."""
    whole = PARAGRAPH.join(filter(None, (master.lead, *master.paragraphs)))
    if master.summary.strip() and not fits(whole, SHORT_MESSAGE):
        return {"text": within([master.summary], SHORT_MESSAGE)}
    return {"text": within(whole.split(PARAGRAPH), _limits("telegram", "text"))}


def press(master: Master) -> Texts:
    return {
        "headline": _line(master.title, _limits("press", "headline")),
        "lead": within([" ".join(master.summary.split())], _limits("press", "lead")),
        "text": within(master.paragraphs, _limits("press", "text")),
    }


def loudspeaker(master: Master) -> Texts:
    alert = alert_of(master.level)
    opening = [closed(alert)] if alert else []
    return {"text": within(chain(opening, _spoken(master)), _limits("loudspeaker", "text"))}


def zalo(master: Master) -> Texts:
    """Return headline, summary and what fits of the text; nobody reads more before the link."""
    alert = alert_of(master.level)
    title = f"[{alert.upper()}] {master.title}" if alert else master.title
    parts = [title, master.summary or next(iter(master.paragraphs), "")]
    return {"text": within([part for part in parts if part.strip()], _limits("zalo", "text"))}


def alert_of(level: str) -> str:
    """Return the word that a pressing item begins with, in the language of the house; "" else."""
    with translation.override(settings.LANGUAGE_CODE):
        alerts = {
            "urgent": pgettext("said before an item", "Urgent news"),
            "priority": pgettext("said before an item", "Important news"),
        }
        return alerts.get(level, "")


COMPOSERS: dict[str, Callable[[Master], Texts]] = {
    "portal": portal,
    "radio": radio,
    "tv": tv,
    "telegram": telegram,
    "press": press,
    "loudspeaker": loudspeaker,
    "zalo": zalo,
}


def compose(kind: str, master: Master) -> Texts:
    """Return the texts of one kind, each within its limits. Raises ``KeyError``: no such kind."""
    return COMPOSERS[kind](master)
