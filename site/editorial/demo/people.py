"""The accounts of the demo, one for each role."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from wagtail.users.models import UserProfile

from editorial import roles
from organisations.models import Organisation, User

PASSWORD = "nhipcau-demo"  # noqa: S105 - printed on the terminal; the demo never runs in production


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the demo. ``family`` and ``given`` follow the Vietnamese order of a name."""

    username: str
    family: str
    given: str
    role: str
    agency: str  # code
    pen_name: str = ""


CENTRE = "trung-tam-cong-nghe-thong-tin-va-truyen-thong"
PEOPLE = (
    Person("phongvien", "Lương Thị", "Hoài", roles.REPORTER, CENTRE, "Hoài Lương"),
    Person("bientap", "Nông Thu", "Trang", roles.EDITOR, CENTRE, "Thu Trang"),
    Person("duyet", "Hoàng Minh", "Đức", roles.APPROVER, "van-phong-ubnd-tinh"),
    Person("kehoach", "Vi Ngọc", "Lan", roles.PLANNER, "so-noi-vu"),
    Person("daumoi", "Lý Văn", "Quyết", roles.OFFICER, "ubnd-phuong-tam-thanh"),
    Person("quantri", "Đỗ Quang", "Huy", roles.ADMINISTRATOR, CENTRE),
)


def load() -> dict[str, User]:
    """Return the demo's people by user name, made where they are missing."""
    known = {user.username: user for user in User.objects.filter(username__in=usernames())}
    missing = [person for person in PEOPLE if person.username not in known]
    if missing:
        # One hash for all: hashing is slow on purpose, and the password is no secret.
        password = make_password(PASSWORD)
        known |= {person.username: create(person, password) for person in missing}
    return known


def usernames() -> list[str]:
    return [person.username for person in PEOPLE]


def create(person: Person, password: str) -> User:
    """Return a new user with the group and the agency of the person."""
    user = User.objects.create(
        username=person.username,
        password=password,
        last_name=person.family,
        first_name=person.given,
        email=f"{person.username}@nhipcau.example",
        pen_name=person.pen_name,
    )
    user.groups.add(Group.objects.get(name=person.role))
    user.organisations.add(Organisation.objects.get(code=person.agency))
    # There is no mail server in a demo: Wagtail would print every notice on the terminal.
    UserProfile.objects.create(
        user=user,
        submitted_notifications=False,
        approved_notifications=False,
        rejected_notifications=False,
    )
    return user
