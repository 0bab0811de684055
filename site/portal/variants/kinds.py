"""Which variants an item has, what each consists of, and how long it may be. Data only."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from channels.adapters.shared_posts import LINK_ROOM, ZALO_TEXT

# Syllables a minute. Formal newsreading takes 200 to 240, an outdoor loudspeaker with its echo 160
# to 190 (shared notes on grassroots broadcasting); the middle of each.
NEWSREADER = 220
LOUDSPEAKER = 175

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Limits:
    """The most a text may have. ``seconds`` are estimated from syllables at ``rate`` a minute."""

    characters: int | None = None
    units: int | None = None  # UTF-16 code units, in which Telegram measures
    seconds: int | None = None
    rate: int = NEWSREADER


@dataclass(frozen=True, slots=True)
class Field:
    """One text of a variant."""

    name: str
    label: Words
    limits: Limits
    multiline: bool = True
    help: Words = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of receiver.

    ``left_to_receiver``: a text nobody wrote is not frozen with the publication, because the page
    or the adapter makes its own from the story, and knows more while doing so.
    """

    key: str
    label: Words
    icon: str
    used_by: Words
    fields: tuple[Field, ...]
    left_to_receiver: bool = False
    names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(part.name for part in self.fields))


KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind(
            "portal",
            pgettext_lazy("variant", "Portal"),
            "site",
            _("The card in the portal's lists. The page itself shows the whole item."),
            (
                Field("headline", _("Short headline"), Limits(characters=150), multiline=False),
                Field("teaser", _("Teaser"), Limits(characters=220)),
            ),
            left_to_receiver=True,
        ),
        Kind(
            "radio",
            pgettext_lazy("variant", "Radio"),
            "media",
            _("Feeds for radio."),
            (
                Field(
                    "text",
                    _("Text for the newsreader"),
                    Limits(seconds=60),
                    help=_("Numbers and abbreviations spelt out, as they are said."),
                ),
            ),
        ),
        Kind(
            "tv",
            pgettext_lazy("variant", "Television"),
            "desktop",
            _("Feeds for television, with the picture of 1920×1080."),
            (
                Field("headline", _("Headline on screen"), Limits(characters=80), multiline=False),
                Field("crawl", _("Crawl"), Limits(characters=120), multiline=False),
                # A news item of a bulletin; longer ones are reports with pictures of their own.
                Field("script", _("Script"), Limits(seconds=90)),
            ),
        ),
        Kind(
            "telegram",
            "Telegram",
            "mail",
            _("Telegram groups. Headline, section and link are added."),
            # Of 4,096 units the rest is for headline, section and link.
            (Field("text", _("Message"), Limits(units=3500)),),
            left_to_receiver=True,
        ),
        Kind(
            "press",
            pgettext_lazy("variant", "Press"),
            "doc-full",
            _("Feeds for newspapers."),
            (
                Field("headline", _("Headline"), Limits(characters=150), multiline=False),
                Field("lead", _("Lead"), Limits(characters=500)),
                Field(
                    "text",
                    pgettext_lazy("variant", "Text"),
                    Limits(characters=20_000),
                    help=_(
                        "As long as nobody writes it, newspapers get the item with its tables and "
                        "pictures; a text written here is plain."
                    ),
                ),
            ),
            left_to_receiver=True,
        ),
        Kind(
            "loudspeaker",
            pgettext_lazy("variant", "Loudspeakers"),
            "group",
            _("Feeds for the loudspeakers of communes."),
            # Five items in a bulletin of ten minutes.
            (
                Field(
                    "text",
                    _("Text for the announcer"),
                    Limits(seconds=120, rate=LOUDSPEAKER),
                    help=_("Numbers and abbreviations spelt out, as they are said."),
                ),
            ),
        ),
        Kind(
            "zalo",
            pgettext_lazy("variant", "Zalo post"),
            "comment",
            _("Zalo groups, posted by the official account or by hand. The link is added."),
            (Field("text", _("Post"), Limits(characters=ZALO_TEXT - LINK_ROOM)),),
        ),
    )
}


def fields() -> Iterator[tuple[Kind, Field]]:
    """Yield every text of every kind."""
    for kind in KINDS.values():
        for part in kind.fields:
            yield kind, part
