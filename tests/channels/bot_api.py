"""A bot's view of the sandbox without a network, and the published schema to hold both against."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from channels.contract import HttpResponse, NoAnswer, Part
from channels.http import encoded

SCHEMA = Path(__file__).parents[3] / "shared" / "standards" / "telegram-bot-api.json"
TOKEN = "123456:AAExampleExampleExampleExampleExample"
CHAT = -4001


def picture_bytes(width: int = 64, height: int = 36, colour: str = "navy") -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (width, height), colour).save(buffer, "JPEG")
    return buffer.getvalue()


class InProcess:
    """Implements ``HttpClient`` by calling the views of this process; remembers every request."""

    def __init__(self) -> None:
        self.client = Client()
        self.calls: list[tuple[str, dict[str, Any]]] = []

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        body: bytes | None = None,
        parts: list[Part] | None = None,
        timeout: float = 20.0,
        max_bytes: int = 5_000_000,
        follow_redirects: bool = False,
    ) -> HttpResponse:
        path = url[url.index("/sandbox/") :]
        sent = {part.name: part.filename or part.content.decode() for part in parts or []}
        self.calls.append((path.rpartition("/")[2], sent))
        content_type, content = encoded(json=json, body=body, parts=parts)
        answer = self.client.generic(method, path, content or b"", content_type=content_type)
        if answer.streaming:  # the look-alike breaks off
            raise NoAnswer("broken off")
        return HttpResponse(answer.status_code, dict(answer.headers), answer.content)

    def names(self) -> list[str]:
        return [name for name, _sent in self.calls]


class Stored(dict[str, bytes]):
    """Files by name."""

    def read(self, name: str) -> bytes:
        try:
            return self[name]
        except KeyError:
            raise FileNotFoundError(name) from None


# --- the schema --------------------------------------------------------------------------------


@cache
def schema() -> dict[str, Any]:
    if not SCHEMA.exists():
        pytest.skip(f"the published schema is not at {SCHEMA}")
    return json.loads(SCHEMA.read_text())


def check_call(method: str, parameters: Mapping[str, Any]) -> None:
    """Assert that a method has these parameters, of these types, and that none is missing."""
    methods = {name.lower(): value for name, value in schema()["methods"].items()}
    fields = {field["name"]: field for field in methods[method.lower()].get("fields", [])}
    uploads = {name for name in parameters if name.startswith("attached")}
    assert set(parameters) - uploads <= set(fields), method
    for name, field in fields.items():
        if name in parameters:
            check_written(parameters[name], field["types"], f"{method}.{name}")
        else:
            assert not field["required"], f"{method}.{name} is missing"


def check_written(value: str, types: list[str], where: str) -> None:
    """Assert that a form field, in which everything is text, can be read as one of the types."""
    readers: dict[str, Callable[[str], Any]] = {
        "Integer": int,
        "Boolean": lambda text: {"true": True, "false": False}[text],
        "String": str,
        "InputFile": str,
    }
    for kind in types:
        try:
            readers.get(kind, json.loads)(value)
        except (ValueError, KeyError):
            continue
        return
    raise AssertionError(f"{where}: {value!r} is none of {types}")


def check_result(value: Any, types: list[str], where: str = "result") -> None:
    """Assert that a value is of one of the types, with every required field, and no others."""
    failures = []
    for kind in types:
        try:
            _check_type(value, kind, where)
        except AssertionError as error:
            failures.append(str(error))
        else:
            return
    raise AssertionError("; ".join(failures))


PLAIN = {"Integer": int, "String": str, "Boolean": bool, "Float": (int, float), "True": bool}


def _check_type(value: Any, kind: str, where: str) -> None:
    if kind in PLAIN:
        assert isinstance(value, PLAIN[kind]), f"{where} is no {kind}"
        assert kind != "Integer" or not isinstance(value, bool), where
    elif kind.startswith("Array of "):
        assert isinstance(value, list), f"{where} is no array"
        for index, item in enumerate(value):
            _check_type(item, kind.removeprefix("Array of "), f"{where}[{index}]")
    else:
        _check_object(value, schema()["types"][kind], where)


def _check_object(value: Any, described: dict[str, Any], where: str) -> None:
    if "fields" not in described:
        return check_result(value, described["subtypes"], where)
    assert isinstance(value, dict), f"{where} is no {described['name']}"
    fields = {field["name"]: field for field in described["fields"]}
    unknown = set(value) - set(fields)
    assert not unknown, f"{where} has {unknown}"
    for name, field in fields.items():
        if name in value:
            check_result(value[name], field["types"], f"{where}.{name}")
        else:
            assert not field["required"], f"{where}.{name} is missing"
    return None
