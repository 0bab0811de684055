"""The length of recordings, of real bytes and of what only pretends to be one."""

import wave
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from channels.payload import digest, says_the_same
from media import models, sounds
from media.models import Attachment
from media.sounds import seconds_of
from portal.stories import story_of
from tests import factories

FRAME = b"\xff\xfb\x90\x00" + bytes(413)  # MPEG-1 Layer III, 128 kbit/s, 44,100 Hz: 1,152 samples


def mp3(frames: int = 400) -> bytes:
    return FRAME * frames


def wav(seconds: int = 3) -> bytes:
    made = BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(2 * 8000 * seconds))
    return made.getvalue()


def recording(content: bytes | None = None, name: str = "ban-tin.mp3") -> Attachment:
    file = SimpleUploadedFile(name, mp3() if content is None else content)
    return Attachment.objects.create(title="Bản tin", file=file)


class Found(NamedTuple):
    """What the parser says of a file."""

    duration: float | None


def test_real_recordings() -> None:
    assert seconds_of(BytesIO(wav()), "a.wav") == pytest.approx(3)
    assert seconds_of(BytesIO(mp3()), "a.mp3") == pytest.approx(400 * 1152 / 44_100, abs=0.1)


@pytest.mark.parametrize("name", ["a.mp3", "a.wav", "a.ogg", "a.m4a", "a.flac", "a.txt", "a"])
@given(content=st.binary(max_size=300))
def test_whatever_is_uploaded_does_no_harm(name: str, content: bytes) -> None:
    assert seconds_of(BytesIO(content), name) >= 0


@pytest.mark.parametrize("duration", [None, -1.0, float("nan"), float("inf")])
def test_a_length_that_is_none_is_not_told(
    monkeypatch: pytest.MonkeyPatch, duration: float | None
) -> None:
    monkeypatch.setattr(sounds.TinyTag, "get", lambda *_args, **_options: Found(duration))
    assert seconds_of(BytesIO(), "a.mp3") == 0


@pytest.mark.django_db
def test_it_is_measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made = recording()
    assert made.length == pytest.approx(10.45, abs=0.1)

    def never(*_args: Any) -> float:
        raise AssertionError("the file was opened again")

    monkeypatch.setattr(models, "seconds_of", never)
    again = Attachment.objects.get()
    assert again.length == made.length
    paper = recording(b"%PDF-1.7", "van-ban.pdf")
    assert paper.length == 0


@pytest.mark.django_db
def test_another_file_is_measured_anew() -> None:
    made = recording()
    made.file = SimpleUploadedFile("khac.wav", wav(5))
    made._set_document_file_metadata()
    made.save()
    assert Attachment.objects.get().length == pytest.approx(5)


@pytest.mark.django_db
def test_a_file_that_is_gone_has_no_length_for_now() -> None:
    made = recording()
    Path(made.file.path).unlink()
    assert made.length == 0
    assert Attachment.objects.get().seconds is None


@pytest.mark.django_db
def test_a_length_that_was_learnt_later_is_no_new_version() -> None:
    page = factories.article()
    page.related_documents.create(document=recording())
    story = story_of(page)
    assert story.audio is not None
    assert story.audio.seconds > 10
    older = factories.story(documents=(story.audio,), key=story.key)
    unknown = replace(story.audio, seconds=0)
    before = factories.story(documents=(unknown,), key=story.key)
    assert digest(before) == digest(older)
    one, other = (factories.message(documents=each.documents, key="k", story="s")
                  for each in (before, older))  # fmt: skip
    assert says_the_same(one, other)
