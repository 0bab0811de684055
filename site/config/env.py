"""The environment, read once, typed. A bad value stops the start and names its variable."""

from pathlib import Path
from urllib.parse import urlsplit

from environs import Env, EnvError

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
