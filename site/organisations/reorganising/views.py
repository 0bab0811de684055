"""The wizard: enter, look at what it touches, do it; and undo it."""

from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from organisations.consistency import contradictions
from organisations.history import History
from organisations.models import Organisation, Reorganisation
from organisations.models.changes import Change
from organisations.reorganising.checking import problems
from organisations.reorganising.doing import ImpossibleError, carry_out, summary
from organisations.reorganising.forms import WishForm
from organisations.reorganising.holdings import held
from organisations.reorganising.undoing import undo
from organisations.reorganising.wishes import Wish
from organisations.views import MAY, crumbs, may_look

SALT = "organisations.reorganising"
LISTED = 200
EXAMPLES = 5


def listing(request: HttpRequest) -> HttpResponse:
    """Show what happened and what is to come, and what contradicts itself on record."""
    if not may_look(request.user):
        raise PermissionDenied
    rows = Reorganisation.objects.select_related("made_by", "undone_by")[:LISTED]
    context = {
        "rows": rows,
        "may_change": request.user.has_perms(MAY),
        "contradictions": contradictions(History.load()),
        "breadcrumbs_items": crumbs(("", _("Reorganisations"))),
        "header_title": _("Reorganisations"),
        "header_icon": "history",
    }
    return render(request, "organisations/reorganisations.html", context)


@permission_required(MAY, raise_exception=True)
def wizard(request: HttpRequest) -> HttpResponse:
    """Take the wish, show what it touches, and do it after a person has said yes."""
    if request.method == "POST" and "wish" in request.POST:
        return confirm(request)
    form = WishForm(request.POST or None, initial={"date": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        wish, history = form.wish(), History.load()
        if found := problems(wish, history):
            form.add_error(None, found)
        else:
            return render(request, "organisations/reorganise_review.html", review(wish, history))
    context = {
        "form": form,
        "breadcrumbs_items": crumbs(
            (reverse("organisations_reorganisations"), _("Reorganisations")),
            ("", _("Reorganise agencies")),
        ),
        "header_title": _("Reorganise agencies"),
        "header_icon": "history",
    }
    return render(request, "organisations/reorganise.html", context)


def review(wish: Wish, history: History) -> dict[str, Any]:
    """Return everything that the wish would touch. Nothing is changed."""
    olds = [history.agencies[pk] for pk in wish.olds]
    into = [history.agencies[pk] for pk in wish.into]
    touched = held(wish.olds, wish.date)
    receivers = [one.name for one in into] + [one.name for one in wish.new]
    return {
        "summary": summary(wish, olds, into + [Organisation(name=one.name) for one in wish.new]),
        "wish": wish,
        "olds": olds,
        "packed": signing.dumps(wish.as_json(), salt=SALT, compress=True),
        "heirs": list(enumerate(receivers)) if wish.closes else [],
        "keeps": wish.kind == Change.RENAME or not wish.closes,
        "later": wish.date > timezone.localdate(),
        "touched": [
            {
                "label": holding.label,
                "count": sum(counts.values()),
                "fate": holding.fate.value,
                "examples": list(
                    holding.rows(wish.olds, wish.date).order_by("pk").distinct()[:EXAMPLES]
                ),
            }
            for holding, counts in touched
        ],
        "children": [
            child
            for child in history.agencies.values()
            if child.parent_id in wish.olds and child.valid_to is None
        ],
        "groups": groups_of(wish, history),
        "breadcrumbs_items": crumbs(
            (reverse("organisations_reorganisations"), _("Reorganisations")), ("", _("Review"))
        ),
        "header_title": _("Review before saving"),
        "header_icon": "history",
    }


def groups_of(wish: Wish, history: History) -> list[Organisation]:
    """Return the groups that stand for an old agency the day the wish takes effect."""
    groups = [one for one in history.agencies.values() if one.kind == Organisation.Kind.GROUP]
    return [
        group
        for group in groups
        if any(one.organisation.pk in wish.olds for one in history.members_on(group.pk, wish.date))
    ]


def confirm(request: HttpRequest) -> HttpResponse:
    """Do what a person has reviewed. It comes back signed, so nobody else wrote it."""
    try:
        data = signing.loads(request.POST["wish"], salt=SALT, max_age=24 * 3600)
    except signing.BadSignature as error:
        raise PermissionDenied from error
    heir = request.POST.get("heir", "0")
    wish = replace(Wish.from_json(data), heir=int(heir) if heir.isdecimal() else 0)
    try:
        record = carry_out(wish, request.user)
    except ImpossibleError as error:
        for problem in error.problems:
            messages.error(request, problem)
        return redirect("organisations_reorganise")
    messages.success(request, _("Done: %s.") % record.summary)
    return redirect("organisations_reorganisations")


@permission_required(MAY, raise_exception=True)
@require_POST
def undo_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo a reorganisation, or say what stands against it."""
    record = get_object_or_404(Reorganisation, pk=pk)
    try:
        undo(record, request.user)
    except ImpossibleError as error:
        for problem in error.problems:
            messages.error(request, problem)
    else:
        messages.success(request, _("Undone: %s.") % record.summary)
    return redirect("organisations_reorganisations")
