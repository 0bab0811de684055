"""Form fields made from an adapter's settings, and its objections in the person's language."""

from enum import Enum
from typing import Annotated, Any, Literal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AnyHttpUrl, BaseModel, ConfigDict, Field, field_validator
from pydantic_core import PydanticCustomError

from channels.forms import fields_for, unknown, validated
from channels.registry import ADAPTERS

pytestmark = pytest.mark.one_database


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Every(BaseModel):
    """One setting of each sort."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=2, max_length=5, title="Tên", description="Ngắn thôi.")
    note: str = Field("", json_schema_extra={"widget": "textarea"})
    chat: int | str
    thread: int | None = None
    size: int = Field(10, ge=5, lt=20)
    rate: Annotated[float, Field(gt=0, le=1)] = 0.5
    loud: bool = True
    mode: Literal["a", "b"] = Field("a", json_schema_extra={"choices": {"a": "Kiểu A"}})
    level: Literal[1, 2] = 1
    colour: Colour = Colour.RED
    hosts: list[str] = Field(default_factory=list)
    address: AnyHttpUrl | None = None
    extra: dict[str, int] = Field(default_factory=dict)

    @field_validator("note")
    @classmethod
    def no_shouting(cls, note: str) -> str:
        if note.isupper():
            raise ValueError("Xin đừng viết hoa toàn bộ.")
        if note == "khác":
            raise PydanticCustomError("khac", "Không nhận chữ này.")
        return note


FIELDS = fields_for(Every)
GOOD: dict[str, Any] = {"name": "abc", "chat": -100}


def objections(**values: Any) -> dict[str, list[str]]:
    with translation.override("vi"), pytest.raises(ValidationError) as caught:
        validated(Every, GOOD | values)
    return caught.value.message_dict


def test_each_setting_becomes_a_field_of_its_sort() -> None:
    kinds = {name: type(field).__name__ for name, field in FIELDS.items()}
    assert list(kinds) == list(Every.model_fields)
    assert kinds["loud"] == "BooleanField"
    assert kinds["size"] == kinds["thread"] == "IntegerField"
    assert kinds["rate"] == "FloatField"
    assert kinds["chat"] == "NumberOrTextField"
    assert kinds["mode"] == kinds["level"] == kinds["colour"] == "TypedChoiceField"
    assert kinds["hosts"] == "LinesField"
    assert kinds["address"] == "CharField"
    assert kinds["extra"] == "JSONField"


def test_labels_hints_bounds_and_defaults_come_from_the_model() -> None:
    name, size = FIELDS["name"], FIELDS["size"]
    assert (name.label, name.help_text) == ("Tên", "Ngắn thôi.")
    assert (size.widget.attrs["min"], size.widget.attrs["max"], size.initial) == (5, 19, 10)
    assert "maxlength" not in name.widget.attrs
    assert isinstance(FIELDS["note"].widget, forms.Textarea)
    required = {name for name, field in FIELDS.items() if field.required}
    assert {"name", "chat", "size", "mode", "level", "colour"} <= required
    assert not {"note", "thread", "loud", "hosts", "address"} & required
    assert list(FIELDS["mode"].choices) == [("a", "Kiểu A"), ("b", "b")]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "entered", "value"),
    [
        ("chat", "-1001234", -1001234),
        ("chat", "@cchc_tinh", "@cchc_tinh"),
        ("thread", "", None),
        ("hosts", "a.vn\n\n  b.vn ", ["a.vn", "b.vn"]),
        ("level", "2", 2),
        ("colour", "blue", "blue"),
    ],
)
def test_what_is_entered_arrives_with_its_type(name: str, entered: str, value: Any) -> None:
    assert FIELDS[name].clean(entered) == value


def test_valid_settings_come_back_as_json_with_defaults() -> None:
    values = GOOD | {"thread": None, "colour": "blue", "address": "https://tinh.test"}
    stored = validated(Every, values)
    assert stored["size"] == 10
    assert stored["colour"] == "blue"
    assert stored["address"] == "https://tinh.test/"
    assert validated(Every, stored) == stored


@pytest.mark.parametrize(
    ("values", "name", "message"),
    [
        ({"name": "a"}, "name", "Quá ngắn: ít nhất 2 ký tự."),
        ({"name": "abcdef"}, "name", "Quá dài: nhiều nhất 5 ký tự."),
        ({"name": None}, "name", "Thiết lập này là bắt buộc."),
        ({"size": 1}, "size", "Giá trị phải từ 5 trở lên."),
        ({"size": "năm"}, "size", "Hãy nhập một số nguyên."),
        ({"rate": 2}, "rate", "Giá trị không được quá 1,0."),
        ({"rate": 0}, "rate", "Giá trị phải lớn hơn 0,0."),
        ({"mode": "c"}, "mode", "Hãy chọn một trong các giá trị cho sẵn."),
        ({"address": "tinh"}, "address", "Hãy nhập địa chỉ đầy đủ, ví dụ https://example.vn/."),
        ({"note": "TO QUÁ"}, "note", "Xin đừng viết hoa toàn bộ."),
        ({"note": "khác"}, "note", "Không nhận chữ này."),
        ({"moi": 1}, "moi", "Loại kênh này không có thiết lập đó."),
        ({"extra": "x"}, "extra", "Giá trị này không được chấp nhận."),
    ],
)
def test_objections_are_told_in_vietnamese(values: dict[str, Any], name: str, message: str) -> None:
    assert objections(**values) == {name: [message]}


@given(st.dictionaries(st.sampled_from(sorted(Every.model_fields)), st.text() | st.integers()))
def test_whatever_is_entered_every_objection_has_words(values: dict[str, Any]) -> None:
    found: dict[str, list[str]] = {}
    try:
        validated(Every, values)
    except ValidationError as error:
        found = error.message_dict
    assert all(messages and all(messages) for messages in found.values())
    assert found or {"name", "chat"} <= values.keys()


def test_settings_the_model_does_not_name_are_found() -> None:
    assert unknown(Every, {"name": "abc", "cu": 1}) == {"cu": 1}


@pytest.mark.parametrize("kind", sorted(ADAPTERS))
def test_every_registered_kind_has_a_form(kind: str) -> None:
    with translation.override("vi"):
        for name, field in fields_for(ADAPTERS[kind].Options).items():
            assert field.label, name
