"""Form fields made from a pydantic model, so that a new kind of channel needs no form of its own.

A field's title, description, default and bounds are read from the model. ``json_schema_extra`` may
add ``choices`` (labels of a ``Literal`` by value), ``widget`` ("textarea") and ``group`` (a heading
for settings that belong together and that few channels need).
"""

import re
import types
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin

import annotated_types as bounds
from django import forms
from django.core.exceptions import ValidationError as FormError
from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import ErrorType

_WHOLE_NUMBER = re.compile(r"[+-]?\d+")

MESSAGES: dict[str, str | Promise] = {
    "missing": gettext_lazy("This setting is required."),
    "greater_than": gettext_lazy("It must be greater than %(gt)s."),
    "greater_than_equal": gettext_lazy("It must be at least %(ge)s."),
    "less_than": gettext_lazy("It must be less than %(lt)s."),
    "less_than_equal": gettext_lazy("It must be at most %(le)s."),
    "multiple_of": gettext_lazy("It must be a multiple of %(multiple_of)s."),
    "string_too_short": gettext_lazy("Too short: at least %(min_length)s characters."),
    "string_too_long": gettext_lazy("Too long: at most %(max_length)s characters."),
    "string_pattern_mismatch": gettext_lazy("It is not written in the expected form."),
    "literal_error": gettext_lazy("Choose one of the values offered."),
    "enum": gettext_lazy("Choose one of the values offered."),
    "extra_forbidden": gettext_lazy("This kind of channel does not know the setting."),
}
FAMILIES: dict[str, str | Promise] = {
    "int": gettext_lazy("Enter a whole number."),
    "float": gettext_lazy("Enter a number."),
    "bool": gettext_lazy("Choose yes or no."),
    "url": gettext_lazy("Enter a complete address, such as https://example.vn/."),
    "string": gettext_lazy("Enter a text."),
}
_KNOWN = frozenset(get_args(ErrorType))


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return [line.strip() for line in text.splitlines() if line.strip()]


class NumberOrTextField(forms.CharField):
    """A text, or a number where only digits were entered: a chat's id or its @name."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return int(text) if text and _WHOLE_NUMBER.fullmatch(text) else text


def fields_for(options: type[BaseModel]) -> dict[str, forms.Field]:
    """Return one form field for each setting of the model, by name, in the model's order."""
    return {name: field_for(name, info) for name, info in options.model_fields.items()}


def groups_of(options: type[BaseModel]) -> dict[str, list[str]]:
    """Return the names of the settings that stand under headings of their own, by heading."""
    groups: dict[str, list[str]] = {}
    for name, info in options.model_fields.items():
        if heading := _extra(info, "group"):
            groups.setdefault(str(heading), []).append(name)
    return groups


def field_for(name: str, info: FieldInfo) -> forms.Field:
    """Return the form field of one setting."""
    wanted, nullable = _without_none(info.annotation)
    common: dict[str, Any] = {
        "label": capfirst(str(info.title or name.replace("_", " "))),
        "help_text": str(info.description or ""),
        "required": _is_required(info, wanted, nullable),
        "initial": None if info.is_required() else info.get_default(call_default_factory=True),
    }
    return _maker(wanted)(wanted, info, common)


def _without_none(annotation: Any) -> tuple[Any, bool]:
    """Return the type without ``None``, and whether ``None`` was part of it."""
    if get_origin(annotation) not in {Union, types.UnionType}:
        return annotation, False
    parts = get_args(annotation)
    rest = [part for part in parts if part is not types.NoneType]
    wanted = rest[0] if len(rest) == 1 else Union[tuple(rest)]  # noqa: UP007 - made at run time
    return wanted, len(rest) < len(parts)


def _is_required(info: FieldInfo, wanted: Any, nullable: bool) -> bool:
    if nullable or wanted is bool:
        return False
    if info.is_required():
        return True
    # A number always has a value; a text or a list may be empty.
    return wanted not in {str} and get_origin(wanted) is not list


def _maker(wanted: Any) -> Callable[[Any, FieldInfo, dict[str, Any]], forms.Field]:
    makers: dict[Any, Callable[[Any, FieldInfo, dict[str, Any]], forms.Field]] = {
        bool: _yes_or_no,
        int: _whole_number,
        float: _number,
        str: _text,
    }
    origin = get_origin(wanted)
    if wanted in makers:
        return makers[wanted]
    if origin is Literal or (isinstance(wanted, type) and issubclass(wanted, Enum)):
        return _choice
    if origin is list and get_args(wanted) == (str,):
        return _lines
    if origin in {Union, types.UnionType} and set(get_args(wanted)) == {int, str}:
        return _number_or_text
    return _text if isinstance(wanted, type) else _json


def _yes_or_no(wanted: Any, info: FieldInfo, common: dict[str, Any]) -> forms.Field:
    return forms.BooleanField(**common)


# Bounds and lengths are hints here; the model itself checks them, with our words for what is wrong.
# No maxlength: a browser would cut what is pasted, silently.


def _whole_number(wanted: Any, info: FieldInfo, common: dict[str, Any]) -> forms.Field:
    return forms.IntegerField(widget=forms.NumberInput(attrs=_limits(info, step=1)), **common)


def _number(wanted: Any, info: FieldInfo, common: dict[str, Any]) -> forms.Field:
    attributes = {"step": "any", **_limits(info, step=0)}
    return forms.FloatField(widget=forms.NumberInput(attrs=attributes), **common)


def _limits(info: FieldInfo, *, step: int) -> dict[str, Any]:
    """Return ``min`` and ``max``; ``step`` turns "more than 0" into "1" for whole numbers."""
    limits: dict[str, Any] = {}
    for item in info.metadata:
        match item:
            case bounds.Ge(ge):
                limits["min"] = ge
            case bounds.Gt(gt) if step:
                limits["min"] = gt + step  # type: ignore[operator]
            case bounds.Le(le):
                limits["max"] = le
            case bounds.Lt(lt) if step:
                limits["max"] = lt - step  # type: ignore[operator]
    return limits


def _text(wanted: Any, info: FieldInfo, common: dict[str, Any]) -> forms.Field:
    if any(isinstance(item, bounds.MinLen) and item.min_length for item in info.metadata):
        common["required"] = True
    widget = forms.Textarea(attrs={"rows": 3}) if _extra(info, "widget") == "textarea" else None
    return forms.CharField(widget=widget, **common)


def _number_or_text(wanted: Any, info: FieldInfo, common: dict[str, Any]) -> forms.Field:
    return NumberOrTextField(**common)


def _lines(wanted: Any, info: FieldInfo, common: dict[str, Any]) -> forms.Field:
    hint = gettext("One a line.")
    common["help_text"] = f"{common['help_text']} {hint}".strip()
    return LinesField(**common)


def _choice(wanted: Any, info: FieldInfo, common: dict[str, Any]) -> forms.Field:
    labels: Mapping[Any, Any] = _extra(info, "choices") or {}
    values = get_args(wanted) or [member.value for member in wanted]
    choices = [(value, str(labels.get(value, value))) for value in values]
    if not common["required"]:
        choices.insert(0, ("", "—"))
    by_text = {str(value): value for value in values}
    return forms.TypedChoiceField(
        choices=choices, coerce=lambda text: by_text.get(text, text), empty_value=None, **common
    )


def _json(wanted: Any, info: FieldInfo, common: dict[str, Any]) -> forms.Field:
    return forms.JSONField(**common)


def _extra(info: FieldInfo, name: str) -> Any:
    extra = info.json_schema_extra
    return extra.get(name) if isinstance(extra, dict) else None


def unknown(options: type[BaseModel], stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return the stored settings that the model does not name."""
    return {name: value for name, value in stored.items() if name not in options.model_fields}


def validated(options: type[BaseModel], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings as JSON, checked by the model itself.

    A value of ``None`` stands for "not entered" and is left to the model's default.
    Raises ``django.core.exceptions.ValidationError`` with a message for each setting.
    """
    given = {name: value for name, value in values.items() if value is not None}
    try:
        model = options.model_validate(given)
    except ValidationError as error:
        raise FormError(messages_of(error)) from error
    return model.model_dump(mode="json")


def messages_of(error: ValidationError) -> dict[str, list[str]]:
    """Return the messages by setting, in the language of the person."""
    found: dict[str, list[str]] = {}
    for details in error.errors():
        name = str(details["loc"][0]) if details["loc"] else "__all__"
        message = message_of(details)
        if message not in found.setdefault(name, []):
            found[name].append(message)
    return found


def message_of(details: ErrorDetails) -> str:
    """Return one pydantic error in the language of the person."""
    kind, context = details["type"], details.get("ctx", {})
    if kind in {"value_error", "assertion_error"} and context.get("error"):
        return str(context["error"])  # the adapter's own words
    if kind not in _KNOWN:
        return details["msg"]  # likewise
    template = MESSAGES.get(kind) or FAMILIES.get(kind.partition("_")[0])
    context = {name: localize(value) for name, value in context.items()}
    return str(template) % context if template else gettext("This value is not accepted.")
