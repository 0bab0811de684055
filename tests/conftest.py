"""What every test may use: people with roles, and a clean place for uploads."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings


@pytest.fixture(autouse=True)
def uploads(settings: LazySettings, tmp_path: Path) -> Iterator[Path]:
    """Files of a test go into a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "uploads"
    yield tmp_path / "uploads"
