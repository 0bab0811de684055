"""The editor of one row in an amendment: the form of activities, kept as a proposal."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.panels import ObjectList

from campaigns.admin.amending import CHANGE, amendment_url
from campaigns.admin.differing import Difference
from campaigns.admin.views import crumbs, overview_url
from campaigns.models import Activity, AmendedRow, Amendment
from campaigns.plans import amending
from campaigns.plans.comparing import agency_names, value_words
from campaigns.plans.snapshots import AGENCIES, Snapshot, as_activity, changed, snapshot
from core.errors import RefusedError


@permission_required(CHANGE, raise_exception=True)
def edit_row(request: HttpRequest, pk: int, activity: int = 0, row: int = 0) -> HttpResponse:
    """Change a row of the plan, or one that the amendment adds, or add one."""
    amendment = get_object_or_404(Amendment.objects.select_related("plan"), pk=pk)
    there, proposal = subject(amendment, activity, row)
    editor = editor_of(amendment, there, proposal)
    edition = proposal.edition if proposal else 0
    form = form_of(editor, request, proposal, there, edition)
    differences: list[Difference] = []
    if request.method == "POST" and form.is_valid():
        after = after_of(form)
        seen = form.cleaned_data.get("seen") or 0
        try:
            amending.propose(amendment, there, after, request.user, row=proposal, seen=seen)
        except amending.ConflictError as error:
            messages.error(request, str(error))
            differences = between(error.row.after, after)
            data = request.POST.copy()
            data["seen"] = str(error.row.edition)
            form = type(form)(data, instance=editor.instance, for_user=request.user)
            form.is_valid()
        except RefusedError as error:
            form.add_error(None, str(error))
        else:
            for doubt in form.doubts():
                messages.warning(request, doubt)
            messages.success(request, _("The change is kept; it counts when the amendment does."))
            return redirect(amendment_url(amendment))
    panel = panels().get_bound_panel(instance=editor.instance, request=request, form=form)
    plan = amendment.plan
    context = {
        "plan": plan,
        "amendment": amendment,
        "form": form,
        "panel": panel,
        "differences": differences,
        "breadcrumbs_items": crumbs(
            (overview_url(plan), plan.label),
            (amendment_url(amendment), _("Amendment")),
            ("", str(there) if there else _("New")),
        ),
        "header_title": str(there) if there else _("Add an activity"),
        "header_icon": "tick-inverse",
    }
    return render(request, "campaigns/admin/amendment_row.html", context)


class Editor:
    """The unsaved activity that the form shows, and its agencies."""

    def __init__(self, instance: Activity, agencies: dict[str, list[int]]) -> None:
        self.instance, self.agencies = instance, agencies


def subject(
    amendment: Amendment, activity: int, row: int
) -> tuple[Activity | None, AmendedRow | None]:
    """Return the row of the plan, and what the amendment says of it. Raises ``Http404``."""
    if activity:
        there = get_object_or_404(amendment.plan.activities.in_force(), pk=activity)
        return there, amendment.rows.filter(activity=there).first()
    if row:
        return None, get_object_or_404(amendment.rows.filter(activity=None), pk=row)
    return None, None


def editor_of(amendment: Amendment, there: Activity | None, proposal: AmendedRow | None) -> Editor:
    shot: Snapshot = {}
    if proposal is not None and proposal.after:
        shot = proposal.after
    elif there is not None:
        shot = snapshot(there)
    instance = as_activity(shot)
    instance.plan = amendment.plan
    instance.pk = there.pk if there else None
    return Editor(instance, {name: shot.get(name, []) for name in AGENCIES})


def panels() -> Any:
    from campaigns.admin.viewsets import ActivityViewSet  # noqa: PLC0415 - it leads here

    return ObjectList(ActivityViewSet.panels).bind_to_model(Activity)


def form_of(
    editor: Editor,
    request: HttpRequest,
    proposal: AmendedRow | None,
    there: Activity | None,
    edition: int,
) -> Any:
    made = panels().get_form_class()(
        request.POST if request.method == "POST" else None,
        instance=editor.instance,
        initial=editor.agencies,
        for_user=request.user,
    )
    made.initial["seen"] = edition
    return made


def after_of(form: Any) -> Snapshot:
    """Return the row as the valid form says it shall be."""
    shot = snapshot_unsaved(form.instance)
    for name in AGENCIES:
        shot[name] = sorted(one.pk for one in form.cleaned_data[name])
    return shot


def snapshot_unsaved(activity: Activity) -> Snapshot:
    bare = Activity(**{f.attname: getattr(activity, f.attname) for f in activity._meta.fields})
    bare.pk = activity.pk if activity.pk else None
    if bare.pk is None:
        bare.pk = 0  # relations of a row that is not there yet are asked for, and are empty
        shot = snapshot(bare)
        shot["pk"] = None
        return shot
    return snapshot(bare)


def between(theirs: Snapshot, yours: Snapshot) -> list[Difference]:
    """Return the fields in which two proposals differ, in words."""
    names = agency_names([theirs, yours])
    found = []
    for name in changed(theirs, yours):
        field: Any = Activity._meta.get_field(name)
        words = [value_words(name, shot.get(name), field, names) for shot in (theirs, yours)]
        found.append(Difference(str(field.verbose_name).capitalize(), *words))
    return found
