"""Names of files and folders that every system takes, Windows included."""

import re
import unicodedata

FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')
RESERVED = {"con", "prn", "aux", "nul"} | {
    f"{name}{n}" for name in ("com", "lpt") for n in range(10)
}
FOLDER, FILE = 48, 60  # characters: the whole path stays far below what Windows takes


def safe(name: str, limit: int = FOLDER) -> str:
    """Return the name without what a file system refuses; never empty."""
    words = unicodedata.normalize("NFC", FORBIDDEN.sub(" ", name))
    words = "".join(one if one.isprintable() else " " for one in words)
    words = " ".join(words.split())[:limit].strip(" .")
    if words.partition(".")[0].strip().lower() in RESERVED:
        words = f"_{words}"
    return words or "_"


def ending(name: str) -> str:
    """Return the ending of a file's name with its dot, if it has a sane one."""
    match = re.search(r"\.([A-Za-z0-9]{1,8})$", name)
    return f".{match[1].lower()}" if match else ""
