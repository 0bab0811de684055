"""What every test may use: people with roles, a memory channel, a clean place for uploads."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.cache import cache

from channels import registry
from channels.models import Channel
from channels.testing import MemoryAdapter
from tests import factories

pytest_plugins = ["tests.people"]


@pytest.fixture(autouse=True)
def uploads(settings: LazySettings, tmp_path: Path) -> Path:
    """Files of a test go into a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return tmp_path / "uploads"


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    """Renditions and site addresses of one test are not met in the next."""
    cache.clear()


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[MemoryAdapter]]:
    """Register the kind of channel that keeps its messages in memory."""
    MemoryAdapter.reset()
    monkeypatch.setitem(registry.ADAPTERS, "memory", MemoryAdapter)
    yield MemoryAdapter
    MemoryAdapter.reset()


@pytest.fixture
def room(db: None, memory: type[MemoryAdapter]) -> Channel:
    """A push channel that is switched on."""
    return factories.channel("phong", "memory", name="Phòng thử")
