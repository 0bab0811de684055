"""The environment is read once; a bad value stops the start and names its variable."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = ROOT / "site/config/settings"
WHOLE = {
    "SECRET_KEY": "x" * 50,
    "FIELD_KEYS": "dGVzdHMtb25seS1maWVsZC1rZXktb2YtMzItYnl0ZXM=",
    "ALLOWED_HOSTS": "cchc.example.vn",
    "PUBLIC_URL": "https://cchc.example.vn",
}


def start(settings: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Load the settings in a process of their own and run Django's checks."""
    clean = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": f"config.settings.{settings}"}
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT, env=clean | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "nonsense://"),
        ("DELIVERY_POLL_SECONDS", "often"),
        ("DELIVERY_LEASE_SECONDS", "3"),
        ("TELEGRAM_API_URL", "api.telegram.org"),
        ("EMAIL_PORT", "smtp"),
        ("SECURE_SSL_REDIRECT", "maybe"),
    ],
)
def test_a_bad_value_stops_the_start_with_its_name(name: str, value: str) -> None:
    done = start("production", **(WHOLE | {name: value}))
    assert done.returncode != 0
    assert name in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("name", WHOLE)
def test_production_does_not_start_without_its_secrets_and_names(name: str) -> None:
    done = start("production", **{key: value for key, value in WHOLE.items() if key != name})
    assert done.returncode != 0
    assert name in done.stderr


def test_production_starts_with_them_and_hides_the_sandbox() -> None:
    done = start("production", **WHOLE)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", sorted(SETTINGS.glob("*.py")), ids=lambda path: path.name)
def test_settings_stay_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) < 250
