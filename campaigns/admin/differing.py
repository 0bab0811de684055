"""Two people at one row: what the other saved beside what this one typed, field by field."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.log_actions import registry

from campaigns.models import Activity


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which the two versions differ, in words."""

    label: str
    theirs: str
    yours: str


class Conflict:
    """What another person saved meanwhile: who, when, and where it differs from what was typed."""

    def __init__(self, there: Activity, found: list[Difference]) -> None:
        self.differences = found
        entry = registry.get_logs_for_instance(there).order_by("-timestamp", "-pk").first()
        self.who: Any = entry.user_display_name if entry else ""
        self.when: datetime | None = entry.timestamp if entry else None


def differences(there: Model, form: forms.BaseModelForm[Any]) -> list[Difference]:
    """Return the fields in which the stored row differs from what the form was sent with.

    Values that the form reads from texts are compared as they would be saved.
    """
    found = []
    for name, field in form.fields.items():
        if name not in form._meta.fields:  # type: ignore[operator]
            continue
        theirs = in_words(there, name)
        value = form.cleaned_data.get(name)
        many = isinstance(value, QuerySet | list)
        yours = worded(value) if many else in_words(form.instance, name)
        if theirs != yours:
            label = field.label or there._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            found.append(Difference(capfirst(str(label)), theirs, yours))
    return found


def in_words(row: Model, name: str) -> str:
    """Return the value of a field as people read it."""
    display = getattr(row, f"get_{name}_display", None)
    if display:
        return str(display())
    value = getattr(row, name)
    return worded(value.all() if hasattr(value, "all") else value)


def worded(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, QuerySet | list):
        return "; ".join(sorted(str(one) for one in value))
    return "" if value is None else str(value)
