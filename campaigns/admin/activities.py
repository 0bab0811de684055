"""The editor of one activity."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views import generic

from campaigns.admin import views
from campaigns.admin.differing import Conflict, differences
from campaigns.admin.forms import ActivityForm
from campaigns.models import Activity, Plan
from campaigns.wording import reading


class BackToPlan:
    """Leads from the editor of an activity back to its plan, and says what was not understood."""

    object: Activity
    request: HttpRequest
    form: ActivityForm

    def get_success_url(self) -> str:
        return f"{views.overview_url(self.object.plan)}#activity-{self.object.pk}"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        plan = self.current_plan()
        label = str(self.object) if getattr(self, "object", None) and self.object.pk else _("New")
        return views.crumbs((views.overview_url(plan), plan.label), ("", label))

    def current_plan(self) -> Plan:
        return self.object.plan

    def save_action(self) -> Any:
        for doubt in self.form.doubts():
            messages.warning(self.request, doubt)
        answer = super().save_action()  # type: ignore[misc]
        understood = reading(self.object)
        if understood:
            message = _("The system understands: %(reading)s.") % {"reading": understood}
            messages.info(self.request, message)
        return answer


class ActivityCreateView(BackToPlan, generic.CreateView):
    """A new activity at the end of the plan that the address names."""

    def current_plan(self) -> Plan:
        key = self.request.GET.get("plan", "")
        if not key.isdigit():
            raise Http404
        return get_object_or_404(Plan, pk=int(key))

    def get_add_url(self) -> str:
        return f"{super().get_add_url()}?plan={self.current_plan().pk}"

    def get_initial_form_instance(self) -> Activity:
        plan = self.current_plan()
        last = plan.activities.order_by("position", "pk").last()
        position = last.position + 1 if last else 1
        return Activity(plan=plan, position=position, heading=last.heading if last else "")


class ActivityEditView(BackToPlan, generic.EditView):
    """One activity. Of two people at one row the second is shown both, and loses nothing."""

    @transaction.atomic
    def form_valid(self, form: ActivityForm) -> HttpResponse:
        there = Activity.objects.select_for_update().get(pk=self.object.pk)
        if (form.cleaned_data.get("seen") or 0) != there.edition:
            return self.both(form, there)
        form.instance.edition = there.edition + 1
        response: HttpResponse = super().form_valid(form)
        return response

    def both(self, form: ActivityForm, there: Activity) -> HttpResponse:
        """Show what the other saved beside what the person typed, which a second press saves."""
        self.conflict = Conflict(there, differences(there, form))
        data = self.request.POST.copy()
        data["seen"] = str(there.edition)
        again = type(form)(data, instance=there, for_user=self.request.user)
        again.is_valid()
        self.object = there
        messages.error(
            self.request, _("Somebody else changed this activity while you were writing.")
        )
        self.form = again
        return self.render_to_response(self.get_context_data(form=again))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "conflict": getattr(self, "conflict", None)}


class ActivityDeleteView(generic.DeleteView):
    """Deleting leads back to the plan."""

    def get_success_url(self) -> str:
        return views.overview_url(self.object.plan)
