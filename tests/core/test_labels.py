"""No field or column of Wagtail's shows its English identifier."""

from collections.abc import Iterator

from django.forms import BaseForm
from django.urls import get_resolver
from django.utils import translation
from wagtail.sites.views import IndexView

from core import labels

# Its template names each permission by itself.
NAMED_ELSEWHERE = {("CollectionMemberPermissionsForm", "permissions")}


def forms_of(parent: type[BaseForm]) -> Iterator[type[BaseForm]]:
    for form in parent.__subclasses__():
        yield form
        yield from forms_of(form)


def test_every_field_of_wagtails_forms_has_a_name() -> None:
    """An upgrade that brings another field without a label fails here."""
    assert get_resolver().url_patterns  # every view is imported now, and with it every form
    unnamed = {
        (form.__name__, name)
        for form in forms_of(BaseForm)
        for name, field in getattr(form, "base_fields", {}).items()
        if form.__module__.startswith("wagtail.") and "styleguide" not in form.__module__
        if field.label is None and not field.widget.is_hidden
    }
    assert unnamed - NAMED_ELSEWHERE == set()


def test_the_names_are_vietnamese() -> None:
    for form, names in labels.FIELDS.items():
        for name, label in names.items():
            with translation.override("en"):
                english = str(label)
            with translation.override("vi"):
                assert str(label) != english, (form, name)
    with translation.override("vi"):
        assert [str(column.label) for column in IndexView.columns[1:4]] == [
            "Cổng",
            "Tên trang web",
            "Trang gốc",
        ]
