"""Keeps secrets out of whatever is written about the system: log lines, errors, alarms.

Two nets, because either has holes: what looks like a secret by its place (a header, a query, an
address of Telegram's), and what is known to be one because it was decrypted in this process.
"""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

HIDDEN = "[…]"
SHORTEST = 6  # a known value below this would blot out ordinary words
MOST_KNOWN = 10_000
DEEPEST = 6  # levels of lists and mappings that a line may hold

_NAMES = (
    r"(?:token|secret|password|passwd|passphrase|api[_-]?key|private[_-]?key|secret[_-]?key|"
    r"appsecret_proof|signature(?:-256)?|authorization|cookie)s?"
)
_SENSITIVE = re.compile(rf"(?i)(?:[\w-]*[_-])?{_NAMES}\Z")
# A name, what parts it from its value (query, JSON, header tuple), perhaps a scheme, and the value.
_NAMED = re.compile(
    rf"(?i)({_NAMES}(?:\\?[\"']?\s*[:=]\s*|\\?[\"']\s*,\s*)(?:b?\\?[\"'])?)"
    r"(?:(?:bearer|basic|digest|token)\s+)?[^\s\"'&,;<>)}\]\\]+"
)
_SCHEME = re.compile(r"(?i)\b(bearer|basic)\s+(?=\S*[\d=_.])[\w.~+/=-]{8,}")
_USERINFO = re.compile(r"(://)[^\s/@\"']+@")
_BOT = re.compile(r"(?i)(/bot)\d+:[^/\s\"']+")
_BOT_TOKEN = re.compile(r"\b\d{5,}:[\w-]{20,}")  # Telegram's: number, colon, 35 signs
# Addresses that are keys themselves: a station's feed, a calendar, a new password.
_KEY_PATH = re.compile(
    r"(/(?:feeds/[^/\s]+|lich|xac-nhan|tin-thu|password_reset/confirm/[^/\s]+)/)"
    r"(?=[\w:~-]{16,})[\w-]+(?:[:~][\w-]+)*"  # signed ones have two or three parts
)

_known: dict[str, None] = {}


def hide(secret: str) -> None:
    """Blot this value, and its parts where it holds several, out of all that is written."""
    for part in {secret, *secret.split()}:
        if len(part) >= SHORTEST:
            for form in {part, quote(part, safe=""), json.dumps(part)[1:-1]}:
                _known.pop(form, None)
                _known[form] = None
    while len(_known) > MOST_KNOWN:
        del _known[next(iter(_known))]


def redact(text: str) -> str:
    """Return the text without what is, or looks like, a secret."""
    for value in tuple(_known):
        if value in text:
            text = text.replace(value, HIDDEN)
    text = _USERINFO.sub(rf"\1{HIDDEN}@", text)
    text = _BOT.sub(rf"\1{HIDDEN}", text)
    text = _BOT_TOKEN.sub(HIDDEN, text)
    text = _KEY_PATH.sub(rf"\1{HIDDEN}", text)
    text = _NAMED.sub(rf"\1{HIDDEN}", text)
    return _SCHEME.sub(rf"\1 {HIDDEN}", text)


def clean(value: Any, depth: int = 0) -> Any:
    """Return a value fit for a log line: secrets out, and nothing but what JSON knows."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping) and depth < DEEPEST:
        return {
            str(name): HIDDEN if is_sensitive(name) else clean(inner, depth + 1)
            for name, inner in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset) and depth < DEEPEST:
        return [clean(inner, depth + 1) for inner in value]
    return redact(str(value))


def is_sensitive(name: object) -> bool:
    """Whether what goes by this name is a secret, whatever it looks like."""
    return bool(_SENSITIVE.match(str(name)))
