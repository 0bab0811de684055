"""What the outbox has stored stays readable, and keeps meaning the same."""

import json
from dataclasses import replace

from channels.contract import Document, Picture
from channels.payload import digest, message_from_json, story_from_json, to_json
from tests import factories

PICTURE = Picture(url="https://a/1.jpg", file="1.jpg", mime="image/jpeg", size=1, width=1, height=1)
SOUND = Document(url="https://a/1.mp3", file="1.mp3", title="Bản tin", mime="audio/mpeg", size=9)
PAPER = replace(SOUND, file="1.pdf", mime="application/pdf")


def test_stories_and_messages_come_back_as_they_were() -> None:
    story = factories.story(picture=PICTURE, pictures=(PICTURE,), documents=(PAPER, SOUND))
    assert story_from_json(json.loads(json.dumps(to_json(story)))) == story
    message = factories.message(image=PICTURE, images=(PICTURE,), documents=(SOUND,))
    assert message_from_json(json.loads(json.dumps(to_json(message)))) == message


def test_what_was_frozen_before_pictures_came_along_is_the_same_version() -> None:
    story = factories.story(key="5f0c7a34-0b1c-4a4e-9f57-0d3c9d3b8a11")
    stored = {name: value for name, value in to_json(story).items() if name != "pictures"}
    assert story_from_json(stored) == story
    # As computed before there was such a field: published items must not all change at once.
    assert digest(story) == ("0260536c31ed231af5b31b487bc50130c3cbaf2e24989e4cdab799ec7a7244e9")
    assert digest(replace(story, pictures=(PICTURE,))) != digest(story)


def test_the_sound_of_a_story_is_its_first_recording() -> None:
    assert factories.story(documents=(PAPER, SOUND)).audio == SOUND
    assert factories.story(documents=(PAPER,)).audio is None
