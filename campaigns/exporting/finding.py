"""Finding the one plan that a number, a year and an issuer mean."""

from collections.abc import Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from campaigns.agencies import Directory
from campaigns.models import Plan


class NoSinglePlanError(Exception):
    """No plan fits, or several do; the message lists them, a line each."""

    def __init__(self, message: str, candidates: Sequence[Plan] = ()) -> None:
        self.candidates = tuple(candidates)
        super().__init__("\n".join([message, *map(described, candidates)]))


def find_plan(number: str, year: int | None = None, issuer: str = "") -> Plan:
    """Return the plan of that number (``95/KH-UBND``), year, and issuer's name, short name or code.

    Raises ``NoSinglePlanError``; nothing is guessed between several.
    """
    plans = Plan.objects.numbered(number).select_related("issuer__parent__parent")
    if year:
        plans = plans.filter(year=year)
    if issuer:
        agency = Directory.today().find(issuer)
        if not agency:
            raise NoSinglePlanError(
                _("No agency on record is called “%s”. Add it under Organisations first.") % issuer
            )
        plans = plans.filter(issuer=agency)
    found = list(plans.order_by("-year", "issuer__name", "pk")[:50])
    if not found:
        raise NoSinglePlanError(_("There is no plan with the number “%s”.") % number)
    if len(found) > 1:
        raise NoSinglePlanError(
            _("Several plans have the number “%s”; name the year or the issuing authority:")
            % number,
            found,
        )
    return found[0]


def described(plan: Plan) -> str:
    """Return what tells a plan from others of its number."""
    day = date_format(plan.issued_on, "d/m/Y") if plan.issued_on else ""
    return f"{plan.number}\t{plan.year}\t{plan.issuer.code}\t{day}\t{plan.title}"
