"""What is pasted from Word is stored without what Word leaves in it."""

import pytest
from django.core.exceptions import ValidationError
from wagtail.rich_text import RichText

from portal.blocks import BodyBlock, tidied

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    ("pasted", "stored"),
    [
        ('<p data-block-key="a">  </p><p id="b">Tin</p>', '<p id="b">Tin</p>'),
        ("<p>Một\xa0\xa0 hai&nbsp;ba</p><p>\xa0<br/></p>", "<p>Một hai ba</p>"),
        ("<ul><li>Một</li></ul>", "<ul><li>Một</li></ul>"),
        ("<p>a</p>\n<p>b</p>", "<p>a</p>\n<p>b</p>"),
    ],
)
def test_empty_paragraphs_and_runs_of_spaces_go(pasted: str, stored: str) -> None:
    assert tidied(pasted) == stored


def test_paragraphs_are_tidied_when_they_are_saved() -> None:
    block = BodyBlock().child_blocks["paragraph"]
    assert block.clean(RichText("<p>\xa0</p><p>Tin</p>")).source == "<p>Tin</p>"
    with pytest.raises(ValidationError):
        block.clean(RichText("<p>\xa0</p>"))
