"""What a post on Zalo or Facebook says, whether a program or a person posts it. Pure.

The limits are the services' own; the editor's board of variants reads them too.
"""

from django.utils import translation
from django.utils.translation import gettext as _

from channels.adapters.shared_correcting import marked, noted
from channels.contract import Story

ZALO_TEXT = 2000  # characters of one Zalo message
LINK_ROOM = 200  # of these, kept for the link under a text that somebody wrote
POST_TEXT = 5000  # Facebook takes 63,206 characters; nobody reads more of a post before its link
GAP = "\n\n"


def joined(*parts: str) -> str:
    """Return the parts that say something, parted by blank lines."""
    return GAP.join(part.strip() for part in parts if part.strip())


def shortened(text: str, limit: int) -> str:
    """Return the text within so many characters, cut after a word where it must be cut."""
    if len(text) <= limit:
        return text
    kept = text[: max(limit - 1, 0)]
    head = kept.rsplit(None, 1)[0] if any(sign.isspace() for sign in kept.strip()) else kept
    return f"{head.rstrip()}…"


def besides(story: Story) -> str:
    """Return, a line each and in words, what readers of the page see besides its text.

    Documents come with the address that works anywhere; what the portal names for itself
    (``StoryPage.facts``) is never said by that name.
    """
    known = dict(story.facts)
    known.pop("documents", "")
    end = known.pop("ends_at", "")
    with translation.override(story.language):
        lines = [
            _("Document: %(title)s (%(address)s)") % {"title": item.title, "address": item.url}
            for item in story.documents
        ]
        lines += [_("The announcement holds until %s.") % end] if end else []
    return "\n".join([*lines, *(f"{name}: {value}" for name, value in known.items())])


def written(story: Story, kind: str, name: str = "text") -> str:
    """Return a text of the story's variant; "" when it has none."""
    return story.variants.get(kind, {}).get(name, "").strip()


def with_link(text: str, story: Story, limit: int) -> str:
    """Return the text and under it the link, which is never cut."""
    if not story.address or story.address in text:
        return shortened(text, limit)
    room = limit - len(GAP) - len(story.address)
    return joined(shortened(text, room), story.address)


def opening(story: Story) -> str:
    """Return the first paragraph."""
    return story.text.strip().partition(GAP)[0]


def zalo_post(story: Story) -> str:
    """Return the message for a Zalo group: what was written for Zalo, else headline and summary."""
    post = written(story, "zalo") or joined(story.title, story.summary or opening(story))
    return with_link(noted(post, story), story, ZALO_TEXT)


def facebook_post(story: Story) -> str:
    """Return the text of a Facebook post: headline, and the lead for newspapers or the summary."""
    lead = written(story, "press", "lead") or story.summary or opening(story)
    return with_link(noted(joined(marked(story.title, story), lead), story), story, POST_TEXT)
