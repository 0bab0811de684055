"""The environment, read once, typed. A bad value stops the start and names its variable."""

from pathlib import Path
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from environs import Env, EnvError, validate

from core.guard import Guard

BASE_DIR = Path(__file__).resolve().parents[2]


env = Env()
env.read_env(str(BASE_DIR / ".env"), recurse=False)
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))  # everything that is written


def address(name: str, default: str | None = None) -> str:
    """Return an http(s) address, no closing slash. Raises ``EnvError`` naming the variable."""
    value: str = env.str(name) if default is None else env.str(name, default=default)
    if urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).hostname:
        raise EnvError(f'Environment variable "{name}" must be an http:// or https:// address')
    return value.rstrip("/")


def number(name: str, default: float) -> float:
    """Return a number above 0. Raises ``EnvError`` naming the variable."""
    above = validate.Range(min=0, min_inclusive=False)
    value: float = env.float(name, default=default, validate=above)
    return value


def count(name: str, default: int) -> int:
    """Return a whole number of at least 1. Raises ``EnvError`` naming the variable."""
    value: int = env.int(name, default=default, validate=validate.Range(min=1))
    return value


def choice(name: str, default: str, allowed: list[str]) -> str:
    """Return one of the allowed words. Raises ``EnvError`` naming the variable."""
    value: str = env.str(name, default=default, validate=validate.OneOf(allowed))
    return value


def targets(name: str, default: list[str]) -> list[str]:
    """Return hosts and networks (CIDR), by commas. Raises ``EnvError`` naming the variable."""
    value: list[str] = env.list(name, default=default)
    try:
        Guard(value)
    except ValueError as error:
        raise EnvError(f'Environment variable "{name}" is not usable: {error}') from error
    return value


def keys(name: str, default: list[str] | None = None) -> list[str]:
    """Return Fernet keys, by commas. Raises ``EnvError`` naming the variable, never showing one."""
    value: list[str] = env.list(name) if default is None else env.list(name, default=default)
    try:
        usable = [Fernet(key) for key in value]
    except ValueError:
        usable = []
    if not usable and value != default:
        raise EnvError(f'Environment variable "{name}" must hold keys of 32 bytes, base64 (Fernet)')
    return value
