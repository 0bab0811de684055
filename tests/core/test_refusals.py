"""A refused form is explained in Vietnamese, also where Wagtail speaks."""

import pytest
from django.utils.translation import gettext, override

from core.refusals import REFUSALS


@pytest.mark.parametrize("sentence", REFUSALS)
def test_refusals_are_vietnamese(sentence: str) -> None:
    with override("vi"):
        assert gettext(sentence) != sentence
