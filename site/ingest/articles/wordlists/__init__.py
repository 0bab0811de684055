"""Lists the importer compares with, one file a list; lines that begin with # are notes."""

from importlib.resources import files


def lines_of(name: str) -> tuple[str, ...]:
    """Return the lines of a list without notes and blanks."""
    text = files(__name__).joinpath(f"{name}.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))
