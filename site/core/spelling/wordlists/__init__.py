"""Lists of words, one file a list; lines that begin with # are notes."""

from importlib.resources import files


def words_of(name: str) -> frozenset[str]:
    """Return the words of a list that has several on each line."""
    text = files(__name__).joinpath(f"{name}.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in line.split())
