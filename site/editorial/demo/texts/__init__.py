"""The words of the demo, in TOML files beside this one, for anybody to edit."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def read(name: str) -> dict[str, Any]:
    """Return the content of ``<name>.toml``."""
    with (Path(__file__).parent / f"{name}.toml").open("rb") as stream:
        return tomllib.load(stream)
