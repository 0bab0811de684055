"""A month of royalties, from the proposal to the payment."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from core.errors import RefusedError
from editorial.models.royalties import (
    CoefficientCap,
    Quota,
    RoyaltyLine,
    RoyaltyRate,
    RoyaltyScheme,
    RoyaltySheet,
    UnitValue,
)
from editorial.royalties import actions
from editorial.royalties.actions import Mark
from editorial.royalties.proposing import Proposal, month_of
from organisations.models import User
from portal.models import ArticlePage, Author, Authorship
from tests import factories

pytestmark = pytest.mark.django_db
MAY = date(2021, 5, 1)


MORNING = datetime(2021, 5, 20, 3, tzinfo=UTC)


def item(
    title: str = "Khai trương", *parts: tuple[str, int], at: datetime = MORNING
) -> ArticlePage:
    """Return an article published in May 2021 by authors with these names and shares."""
    page = factories.article(title=title)
    for name, share in parts or (("Lan", 100),):
        author, _ = Author.objects.get_or_create(name=name)
        Authorship.objects.create(page=page, author=author, share=share)
    ArticlePage.objects.filter(pk=page.pk).update(first_published_at=at, live=True)
    return ArticlePage.objects.get(pk=page.pk)


@pytest.fixture
def scheme() -> RoyaltyScheme:
    made = RoyaltyScheme.objects.create(
        name="Quy chế", effective_from=date(2020, 1, 1), basis="QĐ 23/2020"
    )
    RoyaltyRate.objects.create(
        scheme=made, genre="news", condition="plain", minimum=1, maximum=2, usual=Decimal("1.5")
    )
    return made


def only() -> Proposal:
    return month_of(MAY).proposals[0]


def marked(user: User, coefficient: str = "1.5") -> RoyaltySheet:
    sheet = actions.sheet_of(MAY, user)
    marks = [Mark(entry, "plain", Decimal(coefficient)) for entry in month_of(MAY).proposals]
    actions.mark(sheet, marks, user)
    return RoyaltySheet.objects.get(pk=sheet.pk)


def test_the_scheme_of_the_day_proposes(scheme: RoyaltyScheme) -> None:
    item("Khai trương", ("Lan", 60), ("Bình", 40))
    proposal = only()
    assert (proposal.unit_value, proposal.coefficient) == (149_000, Decimal("1.50"))
    assert proposal.limits("plain") == (Decimal(1), Decimal(2))
    assert [(author.name, share) for author, share in proposal.authors] == [
        ("Lan", 60),
        ("Bình", 40),
    ]


def test_an_article_without_an_author_is_shown_apart() -> None:
    page = item()
    page.authorships.all().delete()
    found = month_of(MAY)
    assert (found.proposals, found.nameless) == ([], [page])


def test_a_line_is_never_reckoned_again(scheme: RoyaltyScheme, reporter: User) -> None:
    page = item("Khai trương", ("Lan", 60), ("Bình", 40))
    marked(reporter)
    assert list(RoyaltyLine.objects.order_by("-amount").values_list("amount", flat=True)) == [
        134_100,
        89_400,
    ]
    UnitValue.objects.update(base_salary=9)
    scheme.rates.all().delete()
    page.authorships.update(share=50)
    page.delete()
    assert sum(RoyaltyLine.objects.values_list("amount", flat=True)) == 223_500
    assert RoyaltyLine.objects.filter(article=None, title="Khai trương").count() == 2


def test_an_item_is_marked_once(scheme: RoyaltyScheme, reporter: User) -> None:
    item()
    marked(reporter)
    assert month_of(MAY).proposals == []


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_a_quota_is_worked_off_by_what_was_published_first(
    order: tuple[int, ...], scheme: RoyaltyScheme, reporter: User
) -> None:
    """In whatever order they were marked; items of one instant by their age."""
    evening = item("Tối", at=MORNING + timedelta(hours=8))
    older, younger = item("Một"), item("Hai")
    quota_of("Lan", "2")
    sheet = actions.sheet_of(MAY, reporter)
    proposals = month_of(MAY).proposals
    assert [found.article for found in proposals] == [older, younger, evening]
    for place in order:
        actions.mark(sheet, [Mark(proposals[place], "plain", Decimal("1.5"))], reporter)
    amounts = dict(RoyaltyLine.objects.values_list("article", "amount"))
    assert amounts == {older.pk: 0, younger.pk: 149_000, evening.pk: 223_500}


def test_a_deleted_item_keeps_its_place_in_the_quota(scheme: RoyaltyScheme, reporter: User) -> None:
    first = item("Sáng")
    item("Tối", at=MORNING + timedelta(hours=8))
    quota_of("Lan", "1.5")
    sheet = marked(reporter)
    first.delete()
    item("Trưa", at=MORNING + timedelta(hours=2))
    marks = [Mark(entry, "plain", Decimal("1.5")) for entry in month_of(MAY).proposals]
    actions.mark(sheet, marks, reporter)
    amounts = dict(RoyaltyLine.objects.values_list("title", "amount"))
    assert amounts == {"Sáng": 0, "Trưa": 223_500, "Tối": 223_500}


def quota_of(name: str, monthly: str) -> None:
    author = Author.objects.get(name=name)
    Quota.objects.create(author=author, effective_from=date(2021, 1, 1), monthly=Decimal(monthly))


def test_an_approved_month_is_closed(scheme: RoyaltyScheme, reporter: User, approver: User) -> None:
    item()
    sheet = marked(reporter)
    actions.submit(sheet, reporter)
    with pytest.raises(RefusedError):
        actions.approve(sheet, reporter)
    actions.approve(sheet, approver)
    line = RoyaltyLine.objects.get()
    line.amount = 1
    for forbidden in (line.save, line.delete, lambda: actions.remove(line, approver)):
        with pytest.raises(RefusedError):
            forbidden()
    assert [payment.net for payment in sheet.payments.all()] == [223_500]
    opposite = actions.reverse(RoyaltyLine.objects.get(), "Chấm nhầm thể loại", approver)
    assert (opposite.amount, opposite.sheet.is_closed) == (-223_500, False)
    with pytest.raises(RefusedError):
        actions.reverse(RoyaltyLine.objects.get(amount=223_500), "Hai lần", approver)


def test_tax_is_withheld_from_outside_authors_only(
    scheme: RoyaltyScheme, reporter: User, approver: User
) -> None:
    for number in range(12):
        item(f"Bài {number}", ("Trong", 100))
        item(f"Tin {number}", ("Ngoài", 100))
    Author.objects.filter(name="Ngoài").update(is_external=True)
    sheet = marked(reporter)
    actions.submit(sheet, reporter)
    actions.approve(sheet, approver)
    taxes = dict(sheet.payments.values_list("author__name", "tax"))
    assert taxes == {"Trong": 0, "Ngoài": 268_200}


def test_a_scheme_stays_within_the_law(scheme: RoyaltyScheme) -> None:
    assert CoefficientCap.of("news", MAY) == 10
    rate = RoyaltyRate(scheme=scheme, genre="news", minimum=1, usual=2, maximum=11)
    with pytest.raises(ValidationError) as problem:
        rate.clean()
    assert "maximum" in problem.value.message_dict


def test_a_row_that_is_wrong_keeps_what_was_typed(
    scheme: RoyaltyScheme, as_person: Callable[[str], Client]
) -> None:
    good, bad = item("Một"), item("Hai")
    url = reverse("editorial_royalties_mark", args=[2021, 5])
    data = {}
    for page, coefficient in ((good, "1,5"), (bad, "7")):
        data |= {
            f"item-{page.pk}-marked": "on",
            f"item-{page.pk}-condition": "plain",
            f"item-{page.pk}-coefficient": coefficient,
        }
    answer = as_person("editor").post(url, data)
    assert answer.status_code == 200
    assert "1,00" in answer.content.decode()  # the limits
    assert 'value="7"' in answer.content.decode()
    assert not RoyaltyLine.objects.exists()
    data[f"item-{bad.pk}-coefficient"] = "2"
    as_person("editor").post(url, data)
    assert RoyaltyLine.objects.count() == 2


def test_the_workbook_has_numbers_and_no_formulas(
    scheme: RoyaltyScheme, reporter: User, as_person: Callable[[str], Client]
) -> None:
    item("=1+1")
    sheet = marked(reporter)
    answer = as_person("approver").get(reverse("editorial_royalty_export", args=[sheet.pk]))
    page = load_workbook(BytesIO(answer.content)).active
    assert page is not None
    cells = [cell for row in page.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    values = [cell.value for cell in cells]
    assert 223_500 in values
    assert "'=1+1" in values
    assert "QĐ 23/2020" in values


@pytest.mark.parametrize(
    ("role", "sheets", "marking", "scheme_form"),
    [
        ("reporter", 403, 403, 302),
        ("editor", 200, 200, 302),
        ("approver", 200, 200, 302),
        ("planner", 403, 403, 302),
        ("administrator", 200, 403, 200),
    ],
)
def test_who_may_look(
    role: str, sheets: int, marking: int, scheme_form: int, as_person: Callable[[str], Client]
) -> None:
    browser = as_person(role)
    addresses = [
        reverse("editorial_royalties"),
        reverse("editorial_royalties_mark", args=[2021, 5]),
        reverse("royaltyscheme:add"),
    ]
    # The admin answers a refusal with the way home.
    found = [browser.get(address).status_code for address in addresses]
    assert [200 if code == 200 else 403 for code in found] == [
        200 if code == 200 else 403 for code in (sheets, marking, scheme_form)
    ]


def test_authors_see_their_own_lines_once_submitted(
    scheme: RoyaltyScheme, reporter: User, as_person: Callable[[str], Client]
) -> None:
    item()
    Author.objects.filter(name="Lan").update(user=reporter)
    sheet = marked(reporter)
    url = reverse("editorial_royalties_mine")
    assert "Khai trương" not in as_person("reporter").get(url).content.decode()
    actions.submit(sheet, reporter)
    assert "Khai trương" in as_person("reporter").get(url).content.decode()
    assert "Khai trương" not in as_person("editor").get(url).content.decode()
