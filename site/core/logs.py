"""Log lines: for people, or as JSON or key=value for programs that collect them.

Code logs through ``logging``, as everywhere in Django. What every line of a request or a delivery
should carry is bound once, with ``about``; libraries' own lines then carry it too. Everything
passes ``core.redaction`` before it is written.
"""

import json
import logging
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from structlog.contextvars import bound_contextvars
from structlog.typing import EventDict, WrappedLogger

from core.redaction import clean, hide, is_sensitive

FORMATS: list[str] = ["line", "json", "logfmt"]
FIRST = ("timestamp", "level", "logger", "event")
REPEATED = ("message", "asctime")  # set on the record by formatters of others
PRIMITIVE = (str, int, float, bool, list, dict, type(None))

QUIET = {
    # They write whole addresses at INFO, and a Telegram address holds the token.
    "httpx": {"level": "WARNING"},
    "httpcore": {"level": "WARNING"},
    "telegram": {"level": "WARNING"},
    "aiohttp": {"level": "WARNING"},
    "paramiko": {"level": "CRITICAL"},  # else a traceback for every silent server
    "django_tasks": {"level": "WARNING"},  # a line for every task would hide the deliveries
    "django_tasks_db": {"level": "WARNING"},
    "procrastinate": {"level": "WARNING"},  # likewise for every job
}


def config(form: str, level: str) -> dict[str, Any]:
    """Return Django's ``LOGGING``: everything to standard error in one of ``FORMATS``."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"ours": {"()": "core.logs.formatter", "form": form}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "ours"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": QUIET,
    }


def formatter(form: str) -> logging.Formatter:
    """Return the formatter of lines in this format."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(),
            stamped,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            cleaned,
            RENDERERS[form],
        ],
    )


def stamped(logger: WrappedLogger, method: str, line: EventDict) -> EventDict:
    """Put the moment in, in local time with its offset."""
    line["timestamp"] = datetime.now().astimezone().isoformat(timespec="milliseconds")
    return line


def cleaned(logger: WrappedLogger, method: str, line: MutableMapping[str, Any]) -> EventDict:
    """Drop what is not for a line, such as whole requests, and take secrets out of the rest."""
    kept = {
        name: value
        for name, value in line.items()
        if isinstance(value, PRIMITIVE) and name not in REPEATED
    }
    found: EventDict = clean(kept)
    return found


def as_line(logger: WrappedLogger, method: str, line: EventDict) -> str:
    """For people: moment, level, where, what; then what is bound, and a traceback if any."""
    moment, level, name, event = (line.pop(key, "") for key in FIRST)
    trace = line.pop("exception", "") or line.pop("stack", "")
    bound = "".join(f" {key}={value}" for key, value in line.items())
    said = f"{moment[:19].replace('T', ' ')} {str(level).upper()} {name}: {event}{bound}"
    return f"{said}\n{trace}" if trace else said


def as_json(logger: WrappedLogger, method: str, line: EventDict) -> str:
    ordered = {key: line.pop(key) for key in FIRST if key in line} | dict(line)
    return json.dumps(ordered, ensure_ascii=False, default=str)


def as_logfmt(logger: WrappedLogger, method: str, line: EventDict) -> str:
    """``key=value``, each value in JSON's quotes where it holds more than a word."""
    ordered = {key: line.pop(key) for key in FIRST if key in line} | dict(line)
    return " ".join(f"{key}={_quoted(value)}" for key, value in ordered.items())


def _quoted(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    plain = text and not any(sign in text for sign in ' "=\n\t\r\\')
    return text if plain else json.dumps(text, ensure_ascii=False)


RENDERERS = {"line": as_line, "json": as_json, "logfmt": as_logfmt}


def begin(**values: Any) -> None:
    """Let every line from here on carry these, and nothing bound before in this thread."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(**values)


@contextmanager
def about(**values: Any) -> Iterator[None]:
    """Let every line written inside carry these names and values, libraries' lines included."""
    with bound_contextvars(**values):
        yield


def hide_settings() -> None:
    """Take note of the secrets that the environment gave, so that no line shows them."""
    database = settings.DATABASES["default"].get("PASSWORD")
    keys = [settings.SECRET_KEY, *settings.FIELD_KEYS, settings.METRICS_TOKEN]
    for secret in [*keys, settings.EMAIL_HOST_PASSWORD, database, *strings(dict(settings.ANYMAIL))]:
        if secret:
            hide(str(secret))


def strings(options: dict[str, Any]) -> list[str]:
    """Return the secrets among a mail provider's settings."""
    return [str(value) for name, value in options.items() if is_sensitive(name)]
