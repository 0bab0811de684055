"""Dates and numbers as Vietnamese readers write them."""

from datetime import date

import pytest
from django import forms
from django.test import Client
from django.utils import formats, translation


@pytest.mark.parametrize("written", ["21/04/2021", "21/4/2021", "21-04-2021", "2021-04-21"])
def test_dates_are_read_day_first(written: str) -> None:
    with translation.override("vi"):
        assert forms.DateField(localize=True).clean(written) == date(2021, 4, 21)


def test_dates_and_numbers_are_written_as_usual() -> None:
    with translation.override("vi"):
        assert formats.date_format(date(2021, 4, 5), "SHORT_DATE_FORMAT") == "05/04/2021"
        assert formats.number_format(1234567.5, 1) == "1.234.567,5"


def test_the_week_begins_on_monday() -> None:
    with translation.override("vi"):
        assert formats.get_format("FIRST_DAY_OF_WEEK") == 1


def test_a_day_that_does_not_exist_is_refused() -> None:
    with translation.override("vi"), pytest.raises(forms.ValidationError):
        forms.DateField(localize=True).clean("30/02/2021")


@pytest.mark.django_db
def test_the_first_screen_is_vietnamese() -> None:
    assert 'lang="vi"' in Client().get("/admin/login/").content.decode()
