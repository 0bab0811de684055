"""How far a long request is, as another process sees it."""

import os
import time
from uuid import uuid4

import pytest

from core.progress import KEPT, Progress, folder, read


def test_a_page_sees_how_far_its_request_is() -> None:
    key = str(uuid4())
    assert read(key) is None
    note = Progress(key)
    note(1, 500)
    assert read(key) == (1, 500)
    note(2, 500)  # a moment later: not worth a file
    assert read(key) == (1, 500)
    note(500, 500)
    assert read(key) == (500, 500)
    note.end()
    assert read(key) is None


@pytest.mark.parametrize("key", ["", "../../secret", "%00", "một khóa"])
def test_a_key_that_is_none_names_no_file(key: str) -> None:
    note = Progress(key)
    note(1, 2)
    note.end()
    assert read(key) is None
    assert not folder().exists()


def test_what_broke_off_long_ago_is_forgotten() -> None:
    old, young, ending = Progress(str(uuid4())), Progress(str(uuid4())), Progress(str(uuid4()))
    for note in (old, young, ending):
        note(1, 9)
    assert old.path
    long_ago = time.time() - 2 * KEPT
    os.utime(old.path, (long_ago, long_ago))
    ending.end()
    assert [path.name for path in folder().iterdir()] == [young.path.name if young.path else ""]


def test_a_damaged_note_says_nothing() -> None:
    note = Progress(str(uuid4()))
    note(1, 2)
    assert note.path
    note.path.write_text("[1,")
    assert read(note.path.stem) is None
