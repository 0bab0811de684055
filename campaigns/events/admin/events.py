"""Pages of events: the list, one event, its facts and decisions, its documents."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from campaigns.admin.slot_forms import ReasonForm
from campaigns.events import access, changing, counts, selectors, sites, state, writing
from campaigns.events import documents as papers
from campaigns.events.admin.forms import ConclusionsForm, EventForm, HeldForm, PostponeForm
from campaigns.events.admin.pages import event_of, form_page, page, saves, step_of, url_of
from campaigns.events.models import Event
from campaigns.evidence.models import Evidence
from campaigns.exporting.files import response_of
from campaigns.models import Plan
from campaigns.showing import scope
from campaigns.slots.models import Slot
from core.errors import RefusedError
from media.documents.pdf import WritingError

PER_PAGE = 50
SHOWN_REVIEWS = 50


class EventFilter(forms.Form):
    """Which events to list."""

    plan = forms.ModelChoiceField(
        Plan.objects.none(),
        label=gettext_lazy("Plan"),
        required=False,
        empty_label=gettext_lazy("All plans"),
    )
    when = forms.ChoiceField(
        label=gettext_lazy("Time"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            ("coming", pgettext_lazy("event", "To come")),
            ("past", pgettext_lazy("event", "Past")),
        ],
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plans = Plan.objects.all()
        fields: Any = self.fields
        fields["plan"].queryset = plans if user.has_perm(scope.MAY_PLAN) else plans.live()

    def narrowed(self, events: Any) -> Any:
        if not self.is_valid():
            return events
        if plan := self.cleaned_data["plan"]:
            events = events.filter(plan=plan)
        now = timezone.now()
        if self.cleaned_data["when"] == "coming":
            return events.filter(ends_at__gte=now).order_by("starts_at", "pk")
        if self.cleaned_data["when"] == "past":
            return events.filter(ends_at__lt=now)
        return events


def start(request: HttpRequest) -> HttpResponse:
    """List the events and the campaigns of review that the person may look at."""
    user: Any = request.user
    if not user.has_perm(access.VIEW):
        raise PermissionDenied
    form = EventFilter(request.GET, user=user)
    found = form.narrowed(access.visible(user).order_by("-starts_at", "pk"))
    part = Paginator(selectors.moved(found).select_related("plan", "host"), PER_PAGE).get_page(
        request.GET.get("p")
    )
    reviews = access.visible_reviews(user).select_related("plan", "lead")
    return page(
        request,
        "start.html",
        _("Events and reviews"),
        form=form,
        part=part,
        query="&".join(f"{name}={value}" for name, value in request.GET.items() if name != "p"),
        rows=selectors.with_articles(list(part)),
        reviews=reviews.order_by("-period_end", "title", "pk")[:SHOWN_REVIEWS],
        may_add=user.has_perm(access.ADD),
        may_review=user.has_perm("campaigns.add_reviewcampaign"),
        plans=Plan.objects.all()[:SHOWN_REVIEWS] if user.has_perm(access.ADD) else [],
    )


def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an event with all that belongs to it, as far as it concerns the person."""
    event = event_of(request, pk)
    user: Any = request.user
    mine = access.own(user)
    articles = writing.written([event.pk])[event.pk]
    changes = list(event.changes.select_related("made_by"))
    was_moved = any(one.kind == one.Kind.POSTPONED for one in changes)
    has_article = any(one.is_published for one in articles)
    places = list(event.sites.select_related("organisation").order_by("organisation__name", "pk"))
    guests = access.guests_of(user, event, mine).in_order()
    runs = access.runs(user, event, mine)
    return page(
        request,
        "event.html",
        event.name,
        event=event,
        status=state.of(event, has_article=has_article, was_moved=was_moved),
        articles=articles,
        write_url=writing.address(user, event.pk) if event.cancelled_at is None else "",
        changes=changes,
        sites=places,
        strangers=sites.strangers(event, places),
        agenda=event.agenda.all(),
        papers=[
            (one, state.of_paper(one))
            for one in event.papers.select_related("organisation", "document")
        ],
        tasks=event.tasks.select_related("organisation", "done_by"),
        tally=counts.tally(
            guests.select_related("organisation", "site__organisation"), _("Main venue")
        ),
        attended=counts.attended(event, places),
        evidence=evidence_of(event),
        mine=mine,
        runs=runs,
        may_serve=runs or user.has_perm(access.SERVE),
        may_change=user.has_perm(access.CHANGE),
        may_delete=user.has_perm(access.DELETE) and not changes,
        may_see_guests=runs or user.has_perm(access.SERVE),
        is_over=event.starts_at <= timezone.now(),
        slot_is_late=event.slot is not None and event.is_open and event.day > event.slot.due,
    )


def evidence_of(event: Event) -> Evidence | None:
    """Return what the event counts as, once it was held, with the slots it serves."""
    rows = Evidence.objects.filter(source_key=event.key).prefetch_related("slots__organisation")
    return rows.first()


@permission_required(access.ADD, raise_exception=True)
def add(request: HttpRequest) -> HttpResponse:
    """Begin an event of the plan that the address names, perhaps for one of its slots."""
    plan, initial = begun(request)
    event = Event(plan=plan, host=initial.get("host"))
    form = EventForm(request.POST or None, instance=event, initial=initial)
    if request.method == "POST" and saves(form):
        messages.success(request, _("“%(name)s” was added.") % {"name": form.instance.name})
        return redirect(url_of(form.instance))
    return form_page(request, form, _("New event"), reverse("campaigns_events"), plan=plan)


def begun(request: HttpRequest) -> tuple[Plan, dict[str, Any]]:
    """Return the plan, and what is known of the event from the slot that it is for."""
    slot_key, plan_key = (request.GET.get(name, "") for name in ("slot", "plan"))
    if slot_key.isdigit():
        slot = get_object_or_404(
            Slot.objects.select_related("activity__plan", "organisation"), pk=slot_key
        )
        name = slot.activity.content[:300]
        initial = {"activity": slot.activity, "slot": slot, "host": slot.organisation, "name": name}
        return slot.activity.plan, initial
    if not plan_key.isdigit():
        raise Http404
    plan = get_object_or_404(Plan.objects.select_related("issuer"), pk=plan_key)
    return plan, {"host": plan.issuer, "signer": plan.signer, "signer_title": plan.signer_title}


@permission_required(access.CHANGE, raise_exception=True)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the facts of an event."""
    event = event_of(request, pk)
    form = EventForm(request.POST or None, instance=event)
    if request.method == "POST" and saves(form):
        messages.success(request, _("Saved."))
        return redirect(url_of(event))
    title = _("Facts of the event")
    return form_page(request, form, title, url_of(event), step_of(event))


@permission_required(access.CHANGE, raise_exception=True)
def conclude(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the conclusions, which the notice of them takes over."""
    event = event_of(request, pk)
    form = ConclusionsForm(request.POST or None, instance=event)
    if request.method == "POST" and saves(form):
        messages.success(request, _("Saved."))
        return redirect(url_of(event))
    return form_page(request, form, _("Conclusions"), url_of(event), step_of(event))


@permission_required(access.DELETE, raise_exception=True)
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete an event of which nothing is on record."""
    event = event_of(request, pk)
    try:
        changing.remove(event)
    except RefusedError as error:
        messages.error(request, str(error))
        return redirect(url_of(event))
    messages.success(request, _("“%(name)s” was deleted.") % {"name": event.name})
    return redirect("campaigns_events")


def decided(
    request: HttpRequest,
    event: Event,
    form: forms.Form,
    work: Callable[[], None],
    title: str,
    **context: Any,
) -> HttpResponse:
    """Show the form of a decision; carry it out, or say why not with what was entered."""
    if request.method == "POST" and form.is_valid():
        try:
            work()
        except RefusedError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect(url_of(event))
    frame = {"label": title} | context
    return form_page(request, form, title, url_of(event), step_of(event), **frame)


@permission_required(access.CHANGE, raise_exception=True)
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that the event took place, with attendance and minutes or a photo."""
    event = event_of(request, pk)
    initial = {"attended": counts.attended(event, event.sites.all()) or None}
    form = HeldForm(request.POST or None, request.FILES or None, initial=initial)
    return decided(
        request,
        event,
        form,
        lambda: changing.hold(event, form.held(event, request.user), request.user),
        _("Record as held"),
        is_upload=True,
    )


@permission_required(access.CHANGE, raise_exception=True)
def postpone(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the event another time."""
    event = event_of(request, pk)
    form = PostponeForm(request.POST or None, initial={"starts_at": event.starts_at})

    def work() -> None:
        values = form.cleaned_data
        changing.postpone(event, values["starts_at"], values["reason"], request.user)

    return decided(request, event, form, work, _("Another time"))


VERBS = {
    "reopen": (changing.reopen, gettext_lazy("Take back that it was held")),
    "cancel": (changing.cancel, gettext_lazy("Call the event off")),
    "resume": (changing.resume, gettext_lazy("Take the event up again")),
}


@permission_required(access.CHANGE, raise_exception=True)
def decide(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Reopen the event, call it off or take it up again, each with a reason."""
    event = event_of(request, pk)
    change, title = VERBS[verb]
    form = ReasonForm(request.POST or None)
    return decided(
        request,
        event,
        form,
        lambda: change(event, form.cleaned_data["reason"], request.user),
        str(title),
    )


def download(request: HttpRequest, pk: int, name: str, form: str) -> HttpResponse:
    """Give a document of the event to those who run it; ``?guest=`` invites one guest."""
    event = event_of(request, pk)
    if not access.runs(request.user, event, access.own(request.user)):
        raise PermissionDenied
    key = request.GET.get("guest", "")
    guest = get_object_or_404(event.guests, pk=key) if key.isdigit() else None
    try:
        return response_of(papers.export(event, name, form, guest))
    except KeyError as error:
        raise Http404 from error
    except WritingError as error:
        messages.error(request, str(error))
        return redirect(url_of(event))
