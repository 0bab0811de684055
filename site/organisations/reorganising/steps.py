"""Writing what can be unwritten: every row made or changed is noted, with what was there before."""

from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models

Step = dict[str, Any]


class Steps:
    """Writes rows and notes each; ``notes`` goes into ``Reorganisation.steps``."""

    def __init__(self) -> None:
        self.notes: list[Step] = []

    def make(self, row: models.Model) -> None:
        """Save a new row."""
        row.save(force_insert=True)
        self.notes.append({"do": "make", "model": row._meta.label_lower, "pk": row.pk})

    def change(self, row: models.Model, field: str, value: Any) -> None:
        """Give a field another value, through ``save`` so that the indexes hear of it."""
        name = _column(row, field)
        before = getattr(row, name)
        after = value.pk if isinstance(value, models.Model) else value
        if before == after:
            return
        setattr(row, field, value)
        row.save(update_fields=[field])
        label = row._meta.label_lower
        note = {"do": "set", "model": label, "pk": row.pk, "field": field}
        self.notes.append({**note, "before": before, "after": after})

    def join(self, row: models.Model, field: str, other: models.Model) -> None:
        """Add to a many-to-many relation what is not there yet."""
        related = getattr(row, field)
        if related.filter(pk=other.pk).exists():
            return
        related.add(other)
        label = row._meta.label_lower
        note = {"do": "add", "model": label, "pk": row.pk, "field": field}
        self.notes.append({**note, "other": other.pk})


def find(step: Step) -> models.Model | None:
    """Return the row of a step; none if it is gone, or its model is."""
    try:
        model = apps.get_model(step["model"])
    except LookupError:
        return None
    return model._default_manager.filter(pk=step["pk"]).first()


def was_changed_since(step: Step, row: models.Model) -> bool:
    """Tell whether a field has another value now than the step gave it."""
    if step["do"] != "set":
        return False
    try:
        return getattr(row, _column(row, step["field"])) != _value(
            row, step["field"], step["after"]
        )
    except FieldDoesNotExist:
        return True


def revert(step: Step, row: models.Model) -> None:
    """Give a row back what it had before a step; rows that were made are the caller's."""
    if step["do"] == "set":
        value = _value(row, step["field"], step["before"])
        setattr(row, _column(row, step["field"]), value)
        row.save(update_fields=[step["field"]])
    elif step["do"] == "add":
        getattr(row, step["field"]).remove(step["other"])


def _column(row: models.Model, name: str) -> str:
    """Return the attribute that holds the plain value of a field."""
    field: Any = row._meta.get_field(name)
    return str(field.attname)


def _value(row: models.Model, name: str, stored: Any) -> Any:
    """Return the value of a field from what JSON kept of it."""
    field: Any = row._meta.get_field(name)
    target = field.target_field if field.is_relation else field
    return target.to_python(stored)
