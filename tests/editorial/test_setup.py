"""Starting a real province: what is made, what is refused, and that repeating is safe."""

import logging
import sys
from io import StringIO
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db.migrations.executor import MigrationExecutor
from wagtail.models import Page, Site

from channels import building
from channels.models import Channel
from config.management.commands import setup
from editorial import roles, setting_up
from editorial.demo import people
from organisations import demo as agencies
from organisations.models import Organisation, User
from portal.models import HomePage, PortalSettings, SectionPage

pytestmark = pytest.mark.django_db

GIVEN: dict[str, Any] = {
    "province": "Tỉnh Khánh Hòa",
    "agency": "Sở Nội vụ tỉnh Khánh Hòa",
    "admin": "quantri",
    "email": "quantri@example.vn",
    "password": "Cau-noi-1945",
    "no_input": True,
}


def run(**changes: Any) -> str:
    output = StringIO()
    call_command("setup", stdout=output, **(GIVEN | changes))
    return output.getvalue()


def amounts() -> tuple[int, ...]:
    models = (Page, User, Channel, Organisation, PortalSettings, Site)
    return tuple(model.objects.count() for model in models)


def test_a_province_starts_with_what_it_asked_for() -> None:
    run(url="https://cchc.example.vn", sections="Tin tỉnh, Hỏi đáp")
    names = PortalSettings.load()
    assert (names.province, names.agency) == (GIVEN["province"], GIVEN["agency"])
    admin = User.objects.get()
    assert admin.check_password(GIVEN["password"])
    assert not admin.is_superuser
    assert [group.name for group in admin.groups.all()] == [roles.ADMINISTRATOR]
    assert [agency.name for agency in admin.organisations.all()] == [GIVEN["agency"]]
    titles = SectionPage.objects.order_by("path").values_list("title", flat=True)
    assert list(titles) == ["Tin tỉnh", "Hỏi đáp"]
    site = Site.objects.get()
    assert (site.hostname, site.port) == ("cchc.example.vn", 443)
    assert HomePage.objects.get().live


def test_the_portal_is_on_and_everything_else_off() -> None:
    run()
    assert list(Channel.objects.active().values_list("kind", flat=True)) == ["portal"]
    assert Channel.objects.count() == len(setting_up.CHANNELS)
    for channel in Channel.objects.all():
        building.adapter(channel)  # its options are complete


def test_defaults_are_enough_for_sections() -> None:
    run()
    assert SectionPage.objects.count() == len(setting_up.SECTIONS)


def test_repeating_changes_names_only() -> None:
    run()
    Channel.objects.filter(slug="phat-thanh").update(is_active=True, name="Sóng FM")
    before = amounts()
    said = run(province="Tỉnh Khánh Hoà", password="Mat-khau-khac-9")
    assert amounts() == before
    assert User.objects.get().check_password(GIVEN["password"])
    assert Channel.objects.get(slug="phat-thanh").name == "Sóng FM"
    assert Channel.objects.get(slug="phat-thanh").is_active
    assert PortalSettings.load().province == "Tỉnh Khánh Hoà"
    assert "quantri" in said


def test_repeating_needs_no_password_and_no_address() -> None:
    run()
    run(password=None, email=None)
    assert User.objects.get().email == GIVEN["email"]


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("province", " "),
        ("province", "x" * 121),
        ("agency", ""),
        ("agency", "…"),
        ("agency", "Sở " * 100),
        ("url", "cchc.example.vn"),
        ("url", "ftp://example.vn"),
        ("url", "https://example.vn/cong"),
        ("url", "https://example.vn:so"),
        ("url", "https://[::1"),
        ("admin", ""),
        ("admin", "quan tri"),
        ("admin", "q" * 151),
        ("email", "khong-phai"),
        ("email", ""),
        ("password", ""),
        ("password", "12345678"),
        ("password", "quantri"),
        ("sections", ""),
        ("sections", " , "),
        ("sections", "Công vụ, công  vụ"),
        ("sections", "…"),
        ("sections", "x" * 256),
    ],
)
def test_bad_input_names_its_argument_and_makes_nothing(argument: str, value: str) -> None:
    before = amounts()
    with pytest.raises(CommandError, match=f"^--{argument}: .+") as refusal:
        run(**{argument: value})
    assert "\n" not in str(refusal.value)  # nothing else is blamed
    assert amounts() == before


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(CommandError) as refusal:
        run(province="", email="x", sections="")
    lines = str(refusal.value).splitlines()
    assert [line.split(":")[0] for line in lines] == ["--province", "--email", "--sections"]


def test_somebody_elses_account_is_not_taken() -> None:
    User.objects.create_user("quantri", password="cua-nguoi-khac")
    with pytest.raises(CommandError, match=r"^--admin: "):
        run()


def test_a_database_with_the_demo_is_refused() -> None:
    agencies.load()
    people.load()
    before = amounts()
    with pytest.raises(CommandError, match="DATABASE_URL"):
        run()
    assert amounts() == before


def test_a_demo_name_with_another_password_is_nobodys_demo() -> None:
    run(admin="bientap")
    assert User.objects.get().username == "bientap"


def test_an_agency_that_exists_is_used() -> None:
    agency = Organisation.objects.create(code="snv", name=GIVEN["agency"])
    run()
    assert User.objects.get().organisations.get() == agency


def test_the_password_may_come_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO("Cau-noi-1975\r\n"))
    run(password=None, password_stdin=True)
    assert User.objects.get().check_password("Cau-noi-1975")


def test_what_is_not_given_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["Tỉnh Tuyên Quang", "", "", "", "a@example.vn", "Tin, Bài"])
    monkeypatch.setattr("builtins.input", lambda question: next(answers))
    monkeypatch.setattr(setup, "getpass", lambda question: "Cau-noi-1945")
    call_command("setup", stdout=StringIO())
    assert PortalSettings.load().province == "Tỉnh Tuyên Quang"
    assert PortalSettings.load().agency == "Sở Nội vụ"
    assert User.objects.get().username == "quantri"
    assert SectionPage.objects.count() == 2


def test_two_different_passwords_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["một-mật-khẩu", "một-mật-khẩu-khác"])
    monkeypatch.setattr(setup, "getpass", lambda question: next(answers))
    with pytest.raises(CommandError, match=r"^--password: "):
        run(password=None, no_input=False, url="", sections="Tin")


def test_an_ended_terminal_gives_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    def ended(question: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", ended)
    assert setup.ask("Agency", "Sở Nội vụ") == "Sở Nội vụ"


def test_another_public_address_must_go_into_the_environment(settings: LazySettings) -> None:
    settings.WAGTAILADMIN_BASE_URL = "http://127.0.0.1:8000"
    assert "PUBLIC_URL=https://cchc.example.vn" in run(url="https://cchc.example.vn")
    assert "PUBLIC_URL" not in run(url="http://127.0.0.1:8000/")


def test_an_older_database_is_named_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda self, targets: ["0002"])
    with pytest.raises(CommandError, match="migrate"):
        run()


def test_the_log_of_single_pages_stays_out_of_the_output(caplog: pytest.LogCaptureFixture) -> None:
    run()
    assert [record for record in caplog.records if record.name == "wagtail"] == []
    assert logging.getLogger("wagtail").isEnabledFor(logging.INFO)  # and is back afterwards
