"""What every test may use: people with roles, a memory channel, a clean place for uploads."""

import gc
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import modelsearch.signal_handlers
import pytest
import wagtail.signal_handlers
from django.conf import LazySettings
from django.core.cache import cache
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from channels import registry
from channels.models import Channel
from channels.testing import MemoryAdapter
from tests import databases, factories

pytest_plugins = ["tests.people"]
# A busy machine is no fault of what is tested.
hypothesis_settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("unhurried")


def pytest_sessionstart() -> None:
    """Look for garbage seldom: what Django and Wagtail load stays, and is long to walk through."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--with-database", action="store_true", help="only tests that use the database"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, on a second database, what would do the same as on the first."""
    if not config.getoption("--with-database"):
        return
    using = [item for item in items if uses_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in using])
    items[:] = using


def uses_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("one_database"):
        return False
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db"})


@pytest.fixture(scope="session")
def migrated(django_db_blocker: Any) -> Iterator[Any]:
    """Let one worker of the suite at a time make its database, from a copy if there is one."""
    with django_db_blocker.unblock(), ExitStack() as held:
        held.enter_context(databases.alone())
        store = databases.store()
        store.fill()
        yield store, held


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, migrated: Any
) -> None:
    """Have the copy in place before the database is made."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, migrated: Any, django_db_blocker: Any) -> None:
    """Keep a copy of the database once it is made, and let the next worker in."""
    store, held = migrated
    with django_db_blocker.unblock():
        store.save()
    held.close()


@pytest.fixture(autouse=True)
def uploads(settings: LazySettings, tmp_path: Path) -> Path:
    """Files of a test go into a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "uploads"
    settings.PRIVATE_ROOT = tmp_path / "private"
    return tmp_path / "uploads"


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    """Renditions and site addresses of one test are not met in the next."""
    cache.clear()


class Unindexed:
    """In the place of a background task that a test has no use for."""

    @staticmethod
    def enqueue(*args: Any) -> None:
        """Do nothing."""


@pytest.fixture(autouse=True)
def indexing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the indexes of search and of use only for tests marked ``indexed``.

    They take a third of the time of every page that is saved.
    """
    if not request.node.get_closest_marker("indexed"):
        search, use = modelsearch.signal_handlers, wagtail.signal_handlers
        monkeypatch.setattr(search, "insert_or_update_object_task", Unindexed)
        monkeypatch.setattr(use, "update_reference_index_task", Unindexed)


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
