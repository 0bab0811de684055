"""The words of a mail: everything that one person is told on one day, as plain text."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta

from django.conf import settings as django_settings
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.chasing import dues
from campaigns.chasing.dues import Due
from campaigns.chasing.gathering import BACK
from campaigns.chasing.models import ChasingSettings, Told
from organisations.models import Organisation

LISTED = 40  # things of one agency under one heading; the rest is a number and an address
AHEAD = timedelta(days=366)
Role = Told.Role


class Standing:
    """What is open today, read once for many mails."""

    def __init__(self, today: date) -> None:
        self.today = today

    @cached_property
    def open(self) -> dict[str, Due]:
        return {due.key: due for due in dues.between(self.today - BACK, self.today + AHEAD)}

    @cached_property
    def by_agency(self) -> dict[int, list[Due]]:
        found: dict[int, list[Due]] = defaultdict(list)
        for due in self.open.values():
            found[due.agency].append(due)
        return found

    @cached_property
    def names(self) -> dict[int, str]:
        return dict(Organisation.objects.values_list("pk", "name"))

    @cached_property
    def digest_days(self) -> int:
        return ChasingSettings.load().digest_days


def standing_lines(lines: Iterable[Told], standing: Standing) -> list[Told]:
    """Return the lines that still hold: what was done meanwhile, or put off, is left out."""
    return [
        line
        for line in lines
        if line.role == Role.DIGEST
        or (line.key in standing.open and standing.open[line.key].day == line.due_day)
    ]


def compose(lines: Collection[Told], standing: Standing) -> tuple[str, str]:
    """Return subject and text of the mail with these lines, in the current language."""
    by_role: dict[str, list[Told]] = defaultdict(list)
    for line in lines:
        by_role[line.role].append(line)
    parts: list[str] = []
    if found := by_role[Role.OFFICER]:
        late = [line for line in found if line.due_day < standing.today]
        coming = [line for line in found if line.due_day >= standing.today]
        parts += section(_("OVERDUE"), late, standing)
        parts += section(_("DUE SOON"), coming, standing)
    words = _("OVERDUE FOR LONG (you are told as the responsible person of the agency)")
    parts += section(words, by_role[Role.HEAD], standing)
    words = _("OVERDUE FOR LONG (you are told as the planner)")
    parts += section(words, by_role[Role.PLANNER], standing)
    for line in by_role[Role.DIGEST]:
        parts += digest(line.agency_id, standing)
    parts.append("-- ")
    parts.append(
        _("Sent by the system. Evidence is added at the address under each task; then the system "
          "stops reminding of it. Questions go to the planner of the plan.")
    )  # fmt: skip
    return subject_of(by_role, standing), "\n".join(parts) + "\n"


def subject_of(by_role: dict[str, list[Told]], standing: Standing) -> str:
    told = {line.key: line for role in by_role if role != Role.DIGEST for line in by_role[role]}
    late = sum(line.due_day < standing.today for line in told.values())
    coming = len(told) - late
    words = []
    if late:
        words.append(ngettext("%(n)d task overdue", "%(n)d tasks overdue", late) % {"n": late})
    if coming:
        words.append(
            ngettext("%(n)d task due soon", "%(n)d tasks due soon", coming) % {"n": coming}
        )
    if not words:
        words.append(_("the week's tasks"))
    return f"[{django_settings.SITE_NAME}] {', '.join(words)}"


def section(heading: str, lines: Collection[Told], standing: Standing) -> list[str]:
    if not lines:
        return []
    by_agency: dict[int, list[Told]] = defaultdict(list)
    for line in sorted(lines, key=lambda one: (one.due_day, one.pk or 0)):
        by_agency[line.agency_id].append(line)
    parts = [heading, ""]
    for agency, found in by_agency.items():
        parts.append(f"{standing.names[agency]}:")
        parts += listed([standing.open[line.key] for line in found], agency, standing.today)
        parts.append("")
    return parts


def digest(agency: int, standing: Standing) -> list[str]:
    """Return the week's digest of an agency: what is overdue, and what comes."""
    last = standing.today + timedelta(days=standing.digest_days)
    found = standing.by_agency.get(agency, [])
    late = [due for due in found if due.day < standing.today]
    coming = [due for due in found if standing.today <= due.day <= last]
    parts = [_("THIS WEEK: %(agency)s") % {"agency": standing.names[agency]}, ""]
    for heading, some in (
        (_("Overdue: %(n)d") % {"n": len(late)}, late),
        (_("Due by %(day)s: %(n)d") % {"day": f"{last:%d/%m/%Y}", "n": len(coming)}, coming),
    ):
        parts.append(heading)
        parts += listed(some, agency, standing.today)
        parts.append("")
    return parts


def listed(found: list[Due], agency: int, today: date) -> list[str]:
    parts = [text for due in found[:LISTED] for text in of_due(due, today)]
    if (more := len(found) - LISTED) > 0:
        board = address(f"{reverse('campaigns_board')}?agency={agency}")
        words = ngettext("and %(n)d more: %(url)s", "and %(n)d more: %(url)s", more)
        parts.append("- " + words % {"n": more, "url": board})
    return parts


def of_due(due: Due, today: date) -> Iterator[str]:
    values = {"title": due.title, "day": f"{due.day:%d/%m/%Y}", "n": due.late(today)}
    if due.late(today) > 0:
        words = ngettext(
            "%(title)s. Last day %(day)s, overdue by %(n)d day",
            "%(title)s. Last day %(day)s, overdue by %(n)d days",
            due.late(today),
        )
    else:
        words = _("%(title)s. Last day %(day)s")
    yield "- " + words % values
    yield f"  {address(due.url)}"


def address(path: str) -> str:
    return f"{django_settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{path}"
