"""Letters of urging: made from chosen agencies, worded, downloaded, put on record as issued."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateInput

from campaigns.chasing import letters, overview
from campaigns.chasing.admin.pages import required, steps
from campaigns.chasing.models import UrgingLetter
from campaigns.exporting.files import response_of
from campaigns.models import Plan
from core.errors import RefusedError
from media.documents.pdf import WritingError
from organisations.models import Organisation


class LetterForm(forms.ModelForm[UrgingLetter]):
    class Meta:
        model = UrgingLetter
        fields = (
            "number", "issued_on", "issuer", "subject", "body", "answer_by", "signer_title",
            "signer", "recipients",
        )  # fmt: skip
        widgets = {  # noqa: RUF012 - typed by the stubs
            "issued_on": AdminDateInput,
            "answer_by": AdminDateInput,
            "body": forms.Textarea(attrs={"rows": 12}),
            "recipients": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["issuer"]
        used = Organisation.objects.filter(pk=self.instance.issuer_id)
        open_today = Organisation.objects.valid_on(timezone.localdate())
        not_groups = open_today.exclude(kind=Organisation.Kind.GROUP)
        field.queryset = (not_groups | used).order_by("name", "pk")


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Make a letter to the chosen agencies about what is overdue now."""
    user = required(request)
    plan = get_object_or_404(Plan.objects.live(), pk=number(request.POST.get("plan")))
    chosen = {number(value) for value in request.POST.getlist("agency")}
    today = timezone.localdate()
    found = [due for due in overview.overdue(today, plan.pk) if due.agency in chosen]
    back = f"{reverse('campaigns_chasing:home')}?plan={plan.pk}"
    if not chosen:
        messages.error(request, _("Choose at least one agency."))
        return redirect(back)
    try:
        made = letters.make(plan, found, today, user, each="each" in request.POST)
    except RefusedError as error:
        messages.error(request, str(error))
        return redirect(back)
    words = ngettext("%(n)d letter was made.", "%(n)d letters were made.", len(made))
    messages.success(request, words % {"n": len(made)})
    return redirect("campaigns_chasing:letter", made[0].pk) if len(made) == 1 else redirect(back)


def number(text: str | None) -> int:
    """Return the number, or 0 for what is none."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 18 else 0


def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a letter, and let it be worded until it is issued."""
    required(request)
    found = get_object_or_404(UrgingLetter.objects.select_related("plan", "issuer"), pk=pk)
    form = LetterForm(request.POST or None, instance=found)
    if request.method == "POST" and not found.is_issued and form.is_valid():
        form.save()
        messages.success(request, _("The letter was saved."))
        return redirect("campaigns_chasing:letter", found.pk)
    lines = list(found.lines.select_related("agency").order_by("agency__name", "due_day", "pk"))
    context = {
        "letter": found,
        "form": form,
        "lines": lines,
        "agencies": list({line.agency_id: line.agency for line in lines}.values()),
        "breadcrumbs_items": steps(("", str(found))),
        "header_title": _("Letter of urging"),
        "header_icon": "mail",
    }
    return render(request, "campaigns/chasing/letter.html", context)


def download(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """Give the letter as Word or PDF."""
    required(request)
    if form not in letters.PUBLIC_FORMS:
        raise Http404
    rows = UrgingLetter.objects.select_related("plan", "issuer__parent__parent")
    found = get_object_or_404(rows, pk=pk)
    try:
        return response_of(letters.export(found, form))
    except WritingError as error:
        messages.error(request, str(error))
        return redirect("campaigns_chasing:letter", found.pk)


def decided(request: HttpRequest, pk: int, work: Any, done: str) -> HttpResponse:
    """Do it, and say that it was done, or why not."""
    try:
        work()
    except RefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("campaigns_chasing:letter", pk)


@require_POST
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Put on record that the letter went out."""
    user = required(request)
    found = get_object_or_404(UrgingLetter, pk=pk)
    done = _("The letter is on record as issued.")
    return decided(request, found.pk, lambda: letters.issue(found, user), done)


@require_POST
def leave_out(request: HttpRequest, pk: int, agency: int) -> HttpResponse:
    """Take an agency off the letter."""
    user = required(request)
    found = get_object_or_404(UrgingLetter, pk=pk)
    done = _("The agency was taken off the letter.")
    return decided(request, found.pk, lambda: letters.leave_out(found, agency, user), done)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a letter that was not issued."""
    required(request)
    found = get_object_or_404(UrgingLetter, pk=pk)
    if found.is_issued:
        messages.error(request, _("The letter is issued and does not change."))
        return redirect("campaigns_chasing:letter", found.pk)
    found.delete()
    messages.success(request, _("The letter was deleted."))
    return redirect("campaigns_chasing:home")
