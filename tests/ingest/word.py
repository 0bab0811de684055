"""The clipboard as Word fills it: structure, conditional comments and names of styles are real."""

from pathlib import Path

MARKED = (Path(__file__).parent / "samples/word.html").read_text()
START, END = "<!--StartFragment-->", "<!--EndFragment-->"


def word(html: str) -> str:
    """Return a fragment as Word puts it on the clipboard."""
    return f"{MARKED.partition(START)[0]}{START}{html}{END}</body></html>"
