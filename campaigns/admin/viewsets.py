"""Plans and activities in the admin."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.urls import URLPattern, path, re_path, reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    Panel,
)
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.snippets.views import snippets

from campaigns.admin import amending, views
from campaigns.admin.activities import (
    ActivityCreateView,
    ActivityDeleteView,
    ActivityEditView,
)
from campaigns.admin.exporting import export_plan
from campaigns.admin.forms import ActivityForm, PlanForm
from campaigns.admin.importing import import_plan, import_progress
from campaigns.admin.panels import ReadingPanel
from campaigns.admin.plan_panels import plan_panels, text_panels
from campaigns.admin.withdrawing import NEEDED, restore, withdraw
from campaigns.derive import PLAN_ITSELF, REASONS
from campaigns.events import access as event_access
from campaigns.events import selectors
from campaigns.models import Activity, LegalBasis, Plan
from campaigns.plans import withdrawing
from campaigns.plans.amending import open_amendment
from campaigns.plans.annexes import annexes_of
from campaigns.plans.bases import bases_of, outdated
from campaigns.plans.four_eyes import why_not
from campaigns.slots import access, figures
from campaigns.tables import assignment_table, with_progress

# Set here: the forms belong to the admin, and panels look for them on the model.
Plan.base_form_class = PlanForm
Activity.base_form_class = ActivityForm


class PlanFilterSet(WagtailFilterSet):
    class Meta:
        model = Plan
        fields: ClassVar[list[str]] = ["year", "kind", "live"]


class PlanIndexView(snippets.IndexView):
    """The list of plans, with import beside the button that adds one."""

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("issuer")

    @cached_property
    def header_buttons(self) -> list[Button]:
        buttons = list(super().header_buttons)
        if self.user_has_permission("add") and self.user_has_permission("change"):
            url = reverse("campaigns_plans:import")
            buttons.append(HeaderButton(_("Import from a file"), url=url, icon_name="upload"))
        return buttons


class FourEyes:
    """Keeps as a draft what somebody wanted to publish who wrote it, and says so."""

    def publish_action(self) -> Any:
        reason = why_not(self.object, self.request.user, self.new_revision)  # type: ignore[attr-defined]
        if not reason:
            return super().publish_action()  # type: ignore[misc]
        self.action = "edit"
        messages.warning(self.request, reason)  # type: ignore[attr-defined]
        return None


class PlanCreateView(FourEyes, snippets.CreateView):
    """A new plan: a draft until somebody else approves it."""


class PlanEditView(FourEyes, snippets.EditView):
    """The editor of a plan's own texts."""

    looked_up: Any = None  # its active states, and the workflow itself

    def get_object(self, queryset: Any = None) -> Plan:
        """Return the draft. Only looked at, it knows its workflow: the page asks a dozen times."""
        plan: Plan = super().get_object(queryset)
        if self.request.method in {"GET", "HEAD"}:
            if self.looked_up is None:
                active = plan.workflow_states.active().select_related("current_task_state__task")
                self.looked_up = list(active), plan.get_workflow()
            plan._current_workflow_states, found = self.looked_up
            plan.get_workflow = lambda: found
        return plan

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        return [*super().header_more_buttons, *plan_buttons(self.object, self.request)]


class PlanOverview(snippets.InspectView):
    """The plan at a glance: facts, points to check, and the table with its counts."""

    template_name = "campaigns/admin/overview.html"
    page_title = gettext_lazy("Assignment of tasks")

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        return [*super().header_more_buttons, *plan_buttons(self.object, self.request)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        user = self.request.user
        activities = self.object.activities.all()
        slots = access.visible(user).filter(activity__plan=self.object)
        bases = bases_of(self.object)
        is_mine = self.request.GET.get("mine") == "1"
        if is_mine:
            activities = activities.of_agencies(user.organisations.all())
        return {
            **context,
            "plan": self.object,
            "groups": with_progress(
                assignment_table(self.object, activities), figures.by("activity", slots)
            ),
            "notes": explained(self.object.review_notes),
            "bases": bases,
            "outdated": outdated(bases, self.object.issued_on),
            "annexes": annexes_of(self.object),
            "is_mine": is_mine,
            "amendment": open_amendment(self.object),
            "amendments": self.object.amendments.issued(),
            "may_see_amendment": amending.sees(self.request),
            "withdrawal": withdrawing.standing(self.object),
            "may_withdraw": user.has_perms(NEEDED),
            "can_add": user.has_perm("campaigns.add_activity"),
            "can_change": user.has_perm("campaigns.change_activity"),
            "can_change_plan": user.has_perm("campaigns.change_plan"),
            "events": selectors.of_plan(user, self.object),
            "reviews": event_access.visible_reviews(user).filter(plan=self.object),
            "can_see_slots": access.may_see_any(user),
            "can_generate": user.has_perm("campaigns.change_slot"),
            "add_url": f"{reverse('campaigns_activities:add')}?plan={self.object.pk}",
        }


def plan_buttons(plan: Plan, request: HttpRequest) -> list[Button]:
    """Return what can be done with a plan beyond editing, as the user may."""
    buttons = []
    if plan.live:
        url = plan.get_absolute_url()
        buttons.append(Button(_("View on the portal"), url=url, icon_name="view", priority=5))
    if plan.live or request.user.has_perm("campaigns.change_activity"):
        url = reverse("campaigns_progress", args=[plan.pk])
        label = _("Progress of the plan")
        buttons.append(Button(label, url=url, icon_name="calendar-check", priority=10))
    if request.user.has_perm("campaigns.add_plan"):
        url = reverse("campaigns_plans:derive", args=[plan.pk])
        label = _("Make a new year's plan from this plan")
        buttons.append(Button(label, url=url, icon_name="copy", priority=40))
    if plan.live and not plan.withdrawn_on and request.user.has_perms(amending.CHANGE):
        url = reverse("campaigns_plans:amend", args=[plan.pk])
        buttons.append(Button(_("Amend the plan"), url=url, icon_name="history", priority=50))
    url = reverse("campaigns_plans:versions", args=[plan.pk])
    buttons.append(Button(_("Versions of the plan"), url=url, icon_name="history", priority=55))
    if plan.live and not plan.withdrawn_on and request.user.has_perms(NEEDED):
        url = reverse("campaigns_plans:withdraw", args=[plan.pk])
        buttons.append(Button(_("Withdraw a plan"), url=url, icon_name="no-view", priority=60))
    return buttons


def explained(notes: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Return stored notes with their reason in words."""
    return [
        {
            "reason": REASONS[note["reason"]],
            "serial": note["serial"] or PLAN_ITSELF,
            "text": note["text"],
        }
        for note in notes
        if note["reason"] in REASONS
    ]


def day_of(name: str) -> Callable[[Any], str]:
    """Return what shows a date of a row as days are written here, empty without one."""

    def shown(row: Any) -> str:
        day = getattr(row, name)
        return date_format(day, "d/m/Y") if day else ""

    return shown


class PlanViewSet(snippets.SnippetViewSet):
    """Menu "Plans"."""

    model = Plan
    icon = "list-ul"
    menu_label = gettext_lazy("Plans")
    menu_name = "plans"
    menu_order = 150
    add_to_admin_menu = True
    admin_url_namespace = "campaigns_plans"
    base_url_path = "plans"
    inspect_view_enabled = True
    inspect_view_class = PlanOverview
    index_view_class = PlanIndexView
    add_view_class = PlanCreateView
    edit_view_class = PlanEditView
    inspect_template_name = "campaigns/admin/overview.html"
    copy_view_enabled = False
    filterset_class = PlanFilterSet
    list_display: ClassVar[list[Any]] = [
        "__str__",
        Column("title", label=gettext_lazy("Abstract"), sort_key="title"),
        Column("issuer", label=gettext_lazy("Issuing authority")),
        # As text: a year takes no thousands separator.
        Column("year", label=gettext_lazy("Year"), sort_key="year", accessor=lambda p: str(p.year)),
        Column(
            "issued_on",
            label=gettext_lazy("Date of issue"),
            sort_key="issued_on",
            accessor=day_of("issued_on"),
        ),
        LiveStatusTagColumn(),
    ]
    edit_handler = plan_panels()

    @cached_property
    def menu_url(self) -> str:
        """Lead to the list: Wagtail would take the first address below, which is the import."""
        return reverse(self.get_url_name("list"))

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("import/", import_plan, name="import"),
            path("import/progress/", import_progress, name="import_progress"),
            path("derive/<int:pk>/", views.derive_plan, name="derive"),
            *amending.urlpatterns(),
            path("withdraw/<int:pk>/", withdraw, name="withdraw"),
            path("restore/<int:pk>/", restore, name="restore"),
            path("notes/<int:pk>/", views.clear_notes, name="clear_notes"),
            path("export/<int:pk>/<str:form>/", export_plan, name="export"),
            *super().get_urlpatterns(),
        ]


class LegalBasisViewSet(snippets.SnippetViewSet):
    """Menu "Legal bases": one list for all plans."""

    model = LegalBasis
    icon = "clipboard-list"
    menu_label = gettext_lazy("Legal bases")
    menu_name = "legal-bases"
    menu_order = 155
    add_to_admin_menu = True
    admin_url_namespace = "campaigns_bases"
    base_url_path = "legal-bases"
    copy_view_enabled = False
    list_display: ClassVar[list[Any]] = [
        "__str__",
        Column("authority", label=gettext_lazy("Issuing authority")),
        Column("issued_on", label=gettext_lazy("Date of issue"), accessor=day_of("issued_on")),
        Column("valid_to", label=gettext_lazy("In force until"), accessor=day_of("valid_to")),
    ]
    list_filter: ClassVar[list[str]] = ["kind"]
    panels: ClassVar[list[Panel]] = [
        FieldRowPanel(text_panels("kind", "number")),
        FieldRowPanel(text_panels("authority", "issued_on")),
        FieldPanel("title"),
        FieldRowPanel(text_panels("valid_from", "valid_to")),
        *text_panels("replaced_by", "url"),
    ]


class ActivityViewSet(ModelViewSet):
    """Activities are reached from their plan, so they have no menu item of their own."""

    model = Activity
    icon = "tick-inverse"
    name = "campaigns_activities"
    url_prefix = "activities"
    url_namespace = "campaigns_activities"
    add_to_admin_menu = False
    copy_view_enabled = False
    add_view_class = ActivityCreateView
    edit_view_class = ActivityEditView
    edit_template_name = "campaigns/admin/activity_edit.html"
    delete_view_class = ActivityDeleteView
    list_display: ClassVar[list[Any]] = ["content", "plan", "lead_text", "deadline_text"]
    list_filter: ClassVar[list[str]] = ["plan"]
    panels: ClassVar[list[Panel]] = [
        FieldRowPanel([FieldPanel("serial"), FieldPanel("heading")]),
        *text_panels("content", "form"),
        MultiFieldPanel(
            [
                FieldPanel("lead_text"),
                FieldPanel("leads", widget=CheckboxSelectMultiple, classname="collapsed"),
                FieldPanel("partner_text"),
                FieldPanel("partners", widget=CheckboxSelectMultiple, classname="collapsed"),
            ],
            heading=gettext_lazy("Agencies"),
            help_text=gettext_lazy(
                "Write the agencies as the plan does, parted by semicolons. The system finds them "
                "in the text when you save; tick agencies yourself only to correct it."
            ),
        ),
        MultiFieldPanel(
            [
                FieldPanel("deadline_text"),
                FieldRowPanel([FieldPanel("start"), FieldPanel("end"), FieldPanel("recurrence")]),
                FieldPanel("rule"),
                ReadingPanel(),
            ],
            heading=gettext_lazy("Implementation period"),
            help_text=gettext_lazy(
                "Dates and frequency are read from the text when you save, unless you enter them."
            ),
        ),
        MultiFieldPanel(
            [
                FieldPanel("quantity_text"),
                FieldRowPanel([FieldPanel("target"), FieldPanel("unit"), FieldPanel("per")]),
                FieldRowPanel([FieldPanel("per_agency"), FieldPanel("total")]),
            ],
            heading=gettext_lazy("Quantity"),
        ),
        FieldPanel("product"),
        MultiFieldPanel(
            [
                FieldPanel("budget_text"),
                FieldRowPanel([FieldPanel("budget_planned"), FieldPanel("budget_spent")]),
            ],
            heading=gettext_lazy("Budget"),
        ),
        *text_panels("note", "asks_for_plan", "is_checked"),
    ]

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            re_path(
                r"^move/(?P<pk>\d+)/(?P<direction>up|down)/$", views.move_activity, name="move"
            ),
            *super().get_urlpatterns(),
        ]


class WithPlan:
    """Lists activities with their plans: published ones before drafts, this year's first."""

    ordering: ClassVar[list[str]] = ["-plan__live", "-plan__year", "plan", "position", "pk"]

    def get_object_list(self) -> Any:
        rows = super().get_object_list()  # type: ignore[misc]
        return rows.filter(removed_by=None).select_related("plan")

    @property
    def columns(self) -> list[Column]:
        plan = Column("plan", label=gettext_lazy("Plan"))
        return [*super().columns, plan]  # type: ignore[misc]


class ActivityChooseView(WithPlan, chooser.ChooseView):
    """The window that opens."""


class ActivityChooseResultsView(WithPlan, chooser.ChooseResultsView):
    """The list in it, as one types."""


class ActivityChooserViewSet(ChooserViewSet):
    """Choosing the activity an article serves."""

    model = Activity
    choose_view_class = ActivityChooseView
    choose_results_view_class = ActivityChooseResultsView
    icon = "tick-inverse"
    choose_one_text = gettext_lazy("Choose an activity")
    choose_another_text = gettext_lazy("Choose another activity")
    edit_item_text = gettext_lazy("Edit this activity")
