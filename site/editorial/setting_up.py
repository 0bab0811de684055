"""Starts a real province on an empty database: names, first administrator, sections, channels."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Site

from channels.models import Channel
from core.text import nfc, slugify
from editorial import roles
from editorial.demo.people import PASSWORD as DEMO_PASSWORD
from editorial.demo.people import usernames as demo_usernames
from editorial.desk import starters
from organisations.models import Organisation, User
from portal import tree
from portal.models import PortalSettings, SectionPage

SECTIONS = (
    "Chỉ đạo điều hành",
    "Thủ tục hành chính",
    "Chính quyền số",
    "Công vụ",
    "Chỉ số cải cách hành chính",
    "Gương điển hình",
)
CHANNELS: tuple[dict[str, Any], ...] = (
    {"slug": "cong-thong-tin", "name": "Cổng thông tin", "kind": "portal", "is_active": True},
    {
        "slug": "phat-thanh",
        "name": "Phát thanh",
        "kind": "feed",
        "options": {"variant": "spoken"},
    },
    {
        "slug": "truyen-hinh",
        "name": "Truyền hình",
        "kind": "feed",
        "options": {"variant": "picture"},
    },
    {"slug": "bao-chi", "name": "Báo chí", "kind": "feed", "options": {"variant": "press"}},
    {
        "slug": "truyen-thanh-co-so",
        "name": "Truyền thanh cơ sở",
        "kind": "feed",
        "options": {"variant": "loudspeaker"},
    },
)


class NotPossible(Exception):
    """The setup cannot go on; the text says why."""


@dataclass(slots=True)
class Wishes:
    """What a province wants to start with. ``url`` may be empty: then ``PUBLIC_URL`` holds."""

    province: str
    agency: str
    admin: str
    email: str
    password: str
    url: str = ""
    sections: list[str] = field(default_factory=lambda: list(SECTIONS))

    def __post_init__(self) -> None:
        for name in ("province", "agency", "admin", "email", "url"):
            setattr(self, name, nfc(getattr(self, name)).strip())
        names = [" ".join(nfc(section).split()) for section in self.sections]
        self.sections = [name for name in names if name]


def problems(wishes: Wishes) -> dict[str, str]:
    """Return what is wrong with the wishes, by the name of the argument."""
    checks: dict[str, Callable[[Wishes], None]] = {
        "province": check_province,
        "agency": check_agency,
        "url": check_url,
        "admin": check_admin,
        "email": check_email,
        "password": check_password,
        "sections": check_sections,
    }
    found = {}
    for name, check in checks.items():
        try:
            check(wishes)
        except ValidationError as error:
            found[name] = " ".join(error.messages)
    return found


def check_province(wishes: Wishes) -> None:
    check_name(wishes.province, PortalSettings._meta.get_field("province").max_length)


def check_agency(wishes: Wishes) -> None:
    check_name(wishes.agency, Organisation._meta.get_field("name").max_length)
    if not agency_code(wishes.agency):
        raise ValidationError(_("The name needs at least one letter or digit."))


def check_name(name: str, limit: int | None) -> None:
    if not name:
        raise ValidationError(_("A name is needed."))
    if limit and len(name) > limit:
        raise ValidationError(_("At most %d characters.") % limit)


def check_url(wishes: Wishes) -> None:
    if not wishes.url:
        return
    try:
        parts = urlsplit(wishes.url)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:  # a port that is no number, a broken IPv6 address
        usable = False
    if not usable or parts.path.strip("/") or parts.query:
        raise ValidationError(
            _("An address such as https://cchc.example.vn is needed, without a path.")
        )


def check_admin(wishes: Wishes) -> None:
    known = User.objects.filter(username=wishes.admin).first()
    if known and not known.groups.filter(name=roles.ADMINISTRATOR).exists():
        raise ValidationError(_("There is an account of that name, and it is no administrator's."))
    if known is None:
        User._meta.get_field("username").clean(wishes.admin, None)


def check_email(wishes: Wishes) -> None:
    validate_email(wishes.email)


def check_password(wishes: Wishes) -> None:
    if User.objects.filter(username=wishes.admin).exists():
        return  # the account keeps the password it has
    if not wishes.password:
        raise ValidationError(_("A password is needed."))
    validate_password(wishes.password, User(username=wishes.admin, email=wishes.email))


def check_sections(wishes: Wishes) -> None:
    if not wishes.sections:
        raise ValidationError(_("At least one section is needed, names parted by commas."))
    slugs = [slugify(name) for name in wishes.sections]
    for name, slug in zip(wishes.sections, slugs, strict=True):
        check_name(name, SectionPage._meta.get_field("title").max_length)
        if not slug:
            raise ValidationError(_("“%s” has no letter or digit to make an address from.") % name)
        if slugs.count(slug) > 1:
            raise ValidationError(_("“%s” is named twice.") % name)


@transaction.atomic
def set_up(wishes: Wishes, say: Callable[[str], object]) -> None:
    """Create what is missing and set the names; tell ``say`` each step. Safe to repeat.

    Accounts, sections and channels that exist are left alone. Raises ``NotPossible`` on a database
    that holds the demo, whose password everybody knows.
    """
    refuse_demo()
    pages = tree.plant(wishes.agency)
    point_site(wishes.url)
    name_portal(wishes)
    agency = agency_of(wishes.agency)
    say(_("Portal: %(agency)s, %(province)s") % {"agency": agency, "province": wishes.province})
    is_new = create_administrator(wishes, agency)
    words = _("Administrator: %s") if is_new else _("Administrator: %s, kept with its password")
    say(words % wishes.admin)
    for name in wishes.sections:
        tree.section(pages, name)
    say(_("Sections: %s") % ", ".join(wishes.sections))
    starters.load()
    create_channels(agency)
    say(_("Channels: the portal is on; the feeds are off until you switch them on"))


def refuse_demo() -> None:
    for user in User.objects.filter(username__in=demo_usernames()):
        if user.check_password(DEMO_PASSWORD):
            raise NotPossible(
                _(
                    "This database holds the demo, whose password is public. Point DATABASE_URL "
                    "at an empty database, run “manage.py migrate”, then this again."
                )
            )


def point_site(url: str) -> None:
    """Let Wagtail's site answer under ``url``, if one is given."""
    if url:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        site = Site.objects.get(is_default_site=True)
        site.hostname, site.port = parts.hostname, port
        site.save()


def name_portal(wishes: Wishes) -> None:
    names = PortalSettings.load()
    names.province, names.agency = wishes.province, wishes.agency
    names.save()


def agency_code(name: str) -> str:
    return slugify(name, limit=60)


def agency_of(name: str) -> Organisation:
    """Return the agency of that name, made if there is none."""
    existing = Organisation.objects.filter(name=name).first()
    return (
        existing
        or Organisation.objects.get_or_create(
            code=agency_code(name), defaults={"name": name, "level": Organisation.Level.PROVINCE}
        )[0]
    )


def create_administrator(wishes: Wishes, agency: Organisation) -> bool:
    """Create the account, unless there is one of that name. Returns whether it did."""
    if User.objects.filter(username=wishes.admin).exists():
        return False
    user = User.objects.create_user(
        username=wishes.admin, email=wishes.email, password=wishes.password
    )
    user.groups.add(Group.objects.get(name=roles.ADMINISTRATOR))
    user.organisations.add(agency)
    return True


def create_channels(owner: Organisation) -> None:
    for channel in CHANNELS:
        Channel.objects.get_or_create(slug=channel["slug"], defaults={**channel, "owner": owner})
