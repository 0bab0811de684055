"""Who may do what: one table, and every cell of it asked over HTTP."""

from collections.abc import Callable

import pytest
from django.test import Client

from channels.models import Channel
from organisations.models import User
from tests import factories
from tests.verbs import VERBS, Actor, may

pytestmark = pytest.mark.django_db

MATRIX = """
verb                          reporter editor approver planner officer administrator anonymous
open the admin                yes      yes    yes      yes     yes     yes           -
add an article                yes      yes    yes      -       -       yes           -
import an article             yes      yes    yes      -       -       yes           -
edit own draft                yes      yes    yes      -       -       yes           -
edit another's draft          -        yes    yes      -       -       yes           -
edit own live article         yes      yes    yes      -       -       yes           -
submit own draft              yes      yes    yes      -       -       yes           -
approve in the workflow       -        -      yes      -       -       -             -
publish own draft             -        -      yes      -       -       yes           -
publish another's draft       -        -      yes      -       -       yes           -
publish by the admin API      -        -      yes      -       -       yes           -
publish in bulk               -        -      yes      -       -       yes           -
create and publish            -        -      yes      -       -       yes           -
schedule own draft            -        -      yes      -       -       yes           -
unpublish                     -        -      yes      -       -       yes           -
delete own draft              yes      yes    yes      -       -       yes           -
delete another's draft        -        yes    yes      -       -       yes           -
delete a live article         -        -      yes      -       -       yes           -
add a section                 -        yes    yes      -       -       yes           -
see deliveries of own         yes      yes    yes      -       -       yes           -
see deliveries of another's   -        yes    yes      -       -       yes           -
act on a delivery             -        -      yes      -       -       yes           -
read the deliveries report    -        yes    yes      -       -       yes           -
export the deliveries report  -        yes    yes      -       -       yes           -
list the channels             -        yes    yes      -       -       yes           -
look at a channel             -        yes    yes      -       -       yes           -
add a channel                 -        -      -        -       -       yes           -
edit a channel                -        -      -        -       -       yes           -
read a channel's history      -        -      -        -       -       yes           -
switch a channel off          -        -      -        -       -       yes           -
send a test message           -        -      -        -       -       yes           -
check a channel               -        -      -        -       -       yes           -
delete a channel              -        -      -        -       -       yes           -
list the plans                yes      yes    yes      yes     yes     yes           -
look at a plan                yes      yes    yes      yes     yes     yes           -
choose an activity            yes      yes    yes      yes     yes     yes           -
add a plan                    -        -      -        yes     -       yes           -
edit a plan                   -        -      -        yes     -       yes           -
publish a plan                -        -      -        yes     -       yes           -
import a plan                 -        -      -        yes     -       yes           -
derive next year's plan       -        -      -        yes     -       yes           -
close a plan's notes          -        -      -        yes     -       yes           -
delete a plan                 -        -      -        yes     -       yes           -
edit an activity              -        -      -        yes     -       yes           -
move an activity              -        -      -        yes     -       yes           -
list the organisations        -        yes    yes      yes     yes     yes           -
add an organisation           -        -      -        yes     -       yes           -
edit an organisation          -        -      -        yes     -       yes           -
delete an organisation        -        -      -        -       -       yes           -
list the users                -        -      -        -       -       yes           -
add a user                    -        -      -        -       -       yes           -
edit a user                   -        -      -        -       -       yes           -
edit a group                  -        -      -        -       -       yes           -
upload a picture              yes      yes    yes      yes     -       yes           -
upload a document             yes      yes    yes      yes     -       yes           -
edit another's picture        -        yes    yes      -       -       yes           -
delete another's picture      -        yes    yes      -       -       yes           -
edit another's document       -        yes    yes      -       -       yes           -
change the portal's settings  -        -      -        -       -       yes           -
edit the site                 -        -      -        -       -       yes           -
edit the workflow             -        -      -        -       -       yes           -
edit collections              -        -      -        -       -       yes           -
add a redirect                -        -      -        -       -       yes           -
"""
HEAD, *ROWS = MATRIX.strip().splitlines()
ROLES = HEAD.split()[1:]
WIDTH = HEAD.index("reporter")


@pytest.fixture
def actors(
    person: Callable[[str], User], as_person: Callable[[str], Client], room: Channel
) -> list[Actor]:
    """One of each role, in the order of the table, and a channel that takes everything."""
    factories.tree.section(factories.site_tree(), "Thủ tục hành chính")
    bystander = User.objects.create_user("nguoi-khac")
    signed_in = [Actor(role, person(role), as_person(role), bystander) for role in ROLES[:-1]]
    return [*signed_in, Actor(ROLES[-1], None, Client(), bystander)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[:WIDTH].strip().replace(" ", "-"))
def test_each_role_may_do_what_the_table_says(row: str, actors: list[Actor]) -> None:
    name, expected = row[:WIDTH].strip(), row[WIDTH:].split()
    found = ["yes" if may(VERBS[name](actor)) else "-" for actor in actors]
    assert dict(zip(ROLES, found, strict=True)) == dict(zip(ROLES, expected, strict=True))


def test_the_table_names_every_verb_once() -> None:
    names = [row[:WIDTH].strip() for row in ROWS]
    assert sorted(names) == sorted(VERBS)


def test_the_admin_api_shows_drafts_to_those_who_write_only(actors: list[Actor]) -> None:
    page = factories.article(title="Chưa ai được biết")
    for actor in actors:
        answer = actor.get("wagtailadmin_api:pages:detail", page.pk)
        told = answer.status_code == 200 and answer.json()["title"] == page.title
        assert told == (actor.role in {"reporter", "editor", "approver", "administrator"})
