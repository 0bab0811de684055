"""One request to a look-alike, and its refusal."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from PIL import Image

from channels.sandbox.social.models import SandboxAccount


class Refusal(Exception):
    """What a call is answered with instead of a result."""

    def __init__(self, code: int, message: str, *, subcode: int = 0, status: int = 200) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.subcode = subcode
        self.status = status


@dataclass(frozen=True, slots=True)
class Call:
    """Who is asked for what. ``origin`` is the address under which the look-alike stands."""

    account: SandboxAccount
    method: str
    path: str
    origin: str
    values: Mapping[str, Any] = field(default_factory=dict)
    files: "Mapping[str, UploadedFile[bytes]]" = field(default_factory=dict)

    def text(self, name: str) -> str:
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def part(self, name: str) -> dict[str, Any]:
        """Return a part that is an object; an empty one for anything else."""
        value = self.values.get(name)
        return value if isinstance(value, dict) else {}

    def number(self, name: str, default: int) -> int:
        text = str(self.values.get(name, ""))
        return int(text) if text.isdecimal() and len(text) < 9 else default


def values_of(request: HttpRequest) -> dict[str, Any]:
    """Return what came by address, form or JSON. Raises ``ValueError`` for JSON that is none."""
    values: dict[str, Any] = {**request.GET.dict(), **request.POST.dict()}
    if request.content_type == "application/json" and request.body:
        sent = json.loads(request.body)
        if not isinstance(sent, dict):
            raise ValueError("no object")
        values |= sent
    return values


def files_of(request: HttpRequest) -> "dict[str, UploadedFile[bytes]]":
    return {name: file for name, file in request.FILES.items() if isinstance(file, UploadedFile)}


def picture_type(content: bytes) -> str:
    """Return ``JPEG``, ``PNG``…; "" for what is no picture."""
    try:
        with Image.open(BytesIO(content)) as image:
            return image.format or ""
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return ""
