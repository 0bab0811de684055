"""The environment is read once; a bad value stops the start and names its variable."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = ROOT / "site/config/settings"
WHOLE = {
    "SECRET_KEY": "not-a-secret" * 5,
    "FIELD_KEYS": "dGVzdHMtb25seS1maWVsZC1rZXktb2YtMzItYnl0ZXM=",
    "ALLOWED_HOSTS": "cchc.example.vn",
    "PUBLIC_URL": "https://cchc.example.vn",
}


def start(settings: str, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Load the settings in a process of their own and run a command, Django's checks by default."""
    clean = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": f"config.settings.{settings}"}
    return subprocess.run(
        [sys.executable, "manage.py", *(command or ["check"])],
        cwd=ROOT, env=clean | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "nonsense://"),
        ("DELIVERY_POLL_SECONDS", "often"),
        ("DELIVERY_LEASE_SECONDS", "3"),
        ("TELEGRAM_API_URL", "api.telegram.org"),
        ("ZALO_API_URL", "openapi.zalo.me"),
        ("EMAIL_PORT", "smtp"),
        ("ANYMAIL", "{"),
        ("SECURE_SSL_REDIRECT", "maybe"),
        ("OUTBOUND_ALLOW", "10.0.0.0/40"),
        ("OUTBOUND_ALLOW", "example.vn,10.1.2.3/8"),
        ("FIELD_KEYS", "short"),
        ("FIELD_KEYS", ""),
        ("DELIVERY_CONCURRENCY", "0"),
        ("DELIVERY_POLL_SECONDS", "-1"),
        ("DELIVERY_TIMEOUT_SECONDS", "0"),
        ("ENGINE", "celery"),
        ("ENGINE", "procrastinate"),  # with SQLite
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


def test_production_starts_with_them_and_django_finds_nothing_to_warn_of() -> None:
    done = start("production", "check", "--deploy", "--fail-level", "WARNING", **WHOLE)
    assert done.returncode == 0, done.stderr


# In one process of the suite, so that its database is made once.
PRODUCTION = pytest.mark.xdist_group("production")
ASKED = """
from django.conf import settings
from django.test import Client
browser = Client(headers={{"host": "cchc.example.vn"}})
for path in {paths}:
    print(browser.get(path, secure=True).status_code)
print(browser.post("/sandbox/telegram/control/", secure=True).status_code)
login = browser.get("/admin/login/", secure=True)
print(login.cookies["csrftoken"]["secure"], login["Strict-Transport-Security"],
      login["X-Content-Type-Options"], login["X-Frame-Options"], login["Referrer-Policy"],
      login["Cross-Origin-Opener-Policy"], sep="|")
print(settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY, settings.DEBUG, sep="|")
print(browser.get("/")["Location"])
print(browser.get("/", secure=True, headers={{"host": "evil.example"}}).status_code)
"""


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the environment of a production site with an empty database and static files."""
    folder = tmp_path_factory.mktemp("production")
    environment = {**WHOLE, "DATABASE_URL": f"sqlite:///{folder}/db", "VAR_DIR": str(folder)}
    for command in (["migrate", "--verbosity=0"], ["collectstatic", "--no-input"]):
        done = start("production", *command, **environment)
        assert done.returncode == 0, done.stderr
    return environment


@PRODUCTION
def test_in_production_the_sandbox_is_not_there_and_answers_are_guarded(
    production: dict[str, str],
) -> None:
    paths = [
        "/sandbox/telegram/",
        "/sandbox/telegram/bot1:x/getMe",
        "/sandbox/telegram/control/",
        "/sandbox/telegram/-1/",
        "/sandbox/telegram/-1/messages/",
        "/sandbox/telegram/-1/1/file",
    ]
    done = start(
        "production", "shell", "--no-imports", "-c", ASKED.format(paths=paths), **production
    )
    assert done.stdout.splitlines() == [
        *["404"] * (len(paths) + 1),
        "True|max-age=31536000|nosniff|SAMEORIGIN|same-origin|same-origin",
        "True|True|False",
        "https://cchc.example.vn/",
        "400",
    ], done.stderr


@PRODUCTION
@pytest.mark.parametrize("command", ["demo", "run"])
def test_in_production_there_is_no_demo(production: dict[str, str], command: str) -> None:
    done = start("production", command, **production)
    assert done.returncode != 0
    assert "DEBUG" in done.stderr
    count = "from organisations.models import User; print(User.objects.count())"
    counted = start("production", "shell", "--no-imports", "-c", count, **production)
    assert counted.stdout.strip() == "0"


@pytest.mark.parametrize("path", sorted(SETTINGS.glob("*.py")), ids=lambda path: path.name)
def test_settings_stay_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) < 250
