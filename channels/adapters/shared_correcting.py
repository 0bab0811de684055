"""How channels tell of a noted correction: a mark before the headline, the note before the text.

In Vietnamese whatever the language of the house: newsrooms look for the mark literally.
"""

from django.utils import timezone

from channels.contract import Story

MARK = "[Đính chính]"


def marked(title: str, story: Story) -> str:
    """Return the headline, marked if the item was corrected."""
    return f"{MARK} {title}" if story.correction else title


def note(story: Story, *, spoken: bool = False) -> str:
    """Return the dated note; "" when there is none. ``spoken``: as a newsreader says it."""
    if not story.correction:
        return ""
    if spoken:
        return f"Đính chính. {story.correction_spoken or story.correction}"
    day = f" ngày {timezone.localtime(story.corrected):%d/%m/%Y}" if story.corrected else ""
    return f"Đính chính{day}: {story.correction}"


def noted(text: str, story: Story, *, spoken: bool = False) -> str:
    """Return the text with the note as its first paragraph, if there is a note."""
    return "\n\n".join(part for part in (note(story, spoken=spoken), text) if part)
