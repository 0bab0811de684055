"""Sources of the demo: feeds of made-up agencies that the project serves itself, offline."""

import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import ngettext

from ingest.models import Source


@cache
def feeds() -> dict[str, dict[str, Any]]:
    """Return the feeds of the sandbox by name."""
    with (Path(__file__).parent / "feeds.toml").open("rb") as stream:
        return {feed["name"]: feed for feed in tomllib.load(stream)["feed"]}


def load(say: Callable[[str], object]) -> None:
    """Add the sources that are missing; tell ``say`` how many there are. The worker asks them."""
    for name, feed in feeds().items():
        address = f"{settings.WAGTAILADMIN_BASE_URL}/sandbox/feeds/{name}.xml"
        values = {"address": address, "kind": feed["kind"], "interval": 5}
        Source.objects.get_or_create(name=feed["title"], defaults=values)
    count = Source.objects.count()
    say(ngettext("%d source of news", "%d sources of news", count) % count)
