"""Where uploads lie: most where the proxy serves them to anybody, some behind a view that asks.

Names that begin with ``PRIVATE`` lie in a folder of their own, which no proxy serves. What they are
and who may read them is not known here; see ``media.private``.
"""

from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.urls import reverse

PRIVATE = "evidence/"


def is_private(name: str) -> bool:
    return str(name).replace("\\", "/").startswith(PRIVATE)


class Uploads(FileSystemStorage):
    """The storage of all uploads."""

    @property
    def _private(self) -> FileSystemStorage:
        return FileSystemStorage(
            location=settings.PRIVATE_ROOT,
            file_permissions_mode=0o640,
            directory_permissions_mode=0o750,
        )

    def path(self, name: str) -> str:
        return self._private.path(name) if is_private(name) else super().path(name)

    def url(self, name: str | None) -> str:
        if name is not None and is_private(name):
            return reverse("private_file", args=[name.removeprefix(PRIVATE)])
        return super().url(name)

    def _save(self, name: str, content: Any) -> str:
        if is_private(name):
            return self._private._save(name, content)  # type: ignore[attr-defined]
        return super()._save(name, content)  # type: ignore[misc]
