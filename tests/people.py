"""The people of the tests, one of each role. Their names say what they may do."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from editorial import roles
from organisations.models import User

NAMES = {
    "reporter": ("Lan", roles.REPORTER),
    "editor": ("Bình", roles.EDITOR),
    "approver": ("Duy", roles.APPROVER),
    "planner": ("Khoa", roles.PLANNER),
    "officer": ("Mai", roles.OFFICER),
    "administrator": ("Quân", roles.ADMINISTRATOR),
}


def make(role: str, username: str = "") -> User:
    """Return a person of that role, made now."""
    first_name, group = NAMES[role]
    user = User.objects.create_user(
        username=username or role, password="mat-khau-thu", first_name=first_name
    )
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def person(db: None) -> Callable[[str], User]:
    """Give a function that returns the person of a role, always the same one."""
    made: dict[str, User] = {}

    def of_role(role: str) -> User:
        return made.setdefault(role, made.get(role) or make(role))

    return of_role


@pytest.fixture
def reporter(person: Callable[[str], User]) -> User:
    return person("reporter")


@pytest.fixture
def approver(person: Callable[[str], User]) -> User:
    return person("approver")


@pytest.fixture
def administrator(person: Callable[[str], User]) -> User:
    return person("administrator")


@pytest.fixture
def as_person(person: Callable[[str], User]) -> Callable[[str], Client]:
    """Give a function that returns a browser logged in as the person of a role."""

    def client(role: str) -> Client:
        browser = Client()
        browser.force_login(person(role))
        return browser

    return client
