"""The sources' place in the admin: add with a first poll, edit, switch off, ask now, state."""

from typing import Any, ClassVar, cast

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views import View
from wagtail.admin import messages
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, NumberColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from core import actor
from core.audit import record
from core.finding import FoldedSearch
from ingest import inbox, polling
from ingest.feeds.parsed import ParsedFeed
from ingest.models import Source
from ingest.retrieving import Failure, Fetched
from organisations.models import User

SHOWN = 10  # items on the page of a source

Polled = tuple[Fetched | Failure, ParsedFeed | None]


class SourceForm(WagtailAdminModelForm):
    """Asks what a person knows; how the source fares is found out by polling."""

    polled: Polled | None = None

    class Meta:
        model = Source
        fields: ClassVar[list[str]] = [
            "name", "address", "kind", "organisation", "section", "interval", "is_active",
            "muted_until",
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Ask the address once when it is new, so that a slip shows at once."""
        cleaned: dict[str, Any] = super().clean()
        address = cleaned.get("address", "")
        if not self.errors and cleaned.get("is_active") and "address" in self.changed_data:
            self.polled = polling.poll_now(Source(address=address))
            answer, feed = self.polled
            failure = answer if isinstance(answer, Failure) else polling.failure_of(feed)
            if failure is not None:
                hint = _("To keep the source all the same, save it switched off.")
                self.add_error("address", f"{failure.reason} {hint}")
        return cleaned


class AsksFirst:
    """The form asks the network, so the request is no transaction; only saving is one."""

    request: HttpRequest
    form: SourceForm
    object: Source

    def save_instance(self) -> Source:
        with actor.acting(self.request.user), transaction.atomic():
            if self.form.instance.pk and "address" in self.form.changed_data:
                for name, value in {"etag": "", "last_modified": "", "failures": 0}.items():
                    setattr(self.form.instance, name, value)
            source: Source = super().save_instance()  # type: ignore[misc]
        if self.form.polled is not None:
            polling.keep(source, *self.form.polled)
        return source

    def get_success_url(self) -> str:
        return reverse("ingest_sources:inspect", args=[self.object.pk])

    def get_success_buttons(self) -> list[Any]:
        return []


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class AddView(AsksFirst, generic.CreateView):
    success_message = gettext_lazy("“%(object)s” was added.")
    error_message = gettext_lazy("The source was not saved: please correct what is marked.")
    submit_button_label = gettext_lazy("Check and save")
    submit_button_active_label = gettext_lazy("Checking…")


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class EditView(AsksFirst, generic.EditView):
    success_message = gettext_lazy("“%(object)s” was saved.")
    error_message = AddView.error_message
    submit_button_label = gettext_lazy("Save")
    submit_button_active_label = gettext_lazy("Saving…")


class InspectView(generic.InspectView):
    """How the source fares, what to do about it, and its newest items."""

    template_name = "ingest/admin/source.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        may_change = self.request.user.has_perm("ingest.change_source")
        return context | {
            "source": self.object,
            "items": self.object.items.order_by("-listed_at", "pk")[:SHOWN],
            "may_change": may_change,
        }


class VerbView(View):
    """A button of a source's page. POST only, for those who keep the sources."""

    http_method_names = ("post",)

    @property
    def person(self) -> User:
        """Who is logged in; nobody else gets past ``dispatch``."""
        return cast(User, self.request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm("ingest.change_source"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        source = get_object_or_404(Source, pk=pk)
        self.act(source)
        return redirect("ingest_sources:inspect", source.pk)

    def act(self, source: Source) -> None:
        raise NotImplementedError


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class PollView(VerbView):
    """Asks now, while the person waits."""

    def act(self, source: Source) -> None:
        new = polling.keep(source, *polling.poll_now(source))
        source.refresh_from_db()
        if new is None:
            messages.warning(self.request, _("The worker is asking this source at this moment."))
        elif source.last_error:
            messages.error(self.request, source.last_error)
        else:
            words = ngettext("%(count)d new item.", "%(count)d new items.", new)
            messages.success(self.request, words % {"count": new})


class SwitchView(VerbView):
    """Switches a source on or off."""

    def act(self, source: Source) -> None:
        source.is_active = not source.is_active
        source.next_poll_at = timezone.now()
        source.save(update_fields=["is_active", "next_poll_at"])
        verb = "on" if source.is_active else "off"
        record(source, f"ingest.switch_{verb}", self.person)


class MuteView(VerbView):
    """Mutes a source for a month, or listens to it again."""

    def act(self, source: Source) -> None:
        if source.is_muted:
            Source.objects.filter(pk=source.pk).update(muted_until=None)
            record(source, "ingest.unmute", self.person)
        else:
            inbox.mute_source(source, self.person)


VERBS = {"poll": PollView, "switch": SwitchView, "mute": MuteView}


class IndexView(FoldedSearch, generic.IndexView):
    """The list, searched by name and address."""


class SourceViewSet(ModelViewSet):
    """List, add, edit, inspect, delete, and one address for each verb."""

    name = "ingest_sources"
    url_prefix = "sources"
    model = Source
    icon = "download"
    menu_label = gettext_lazy("Sources of news")
    menu_order = 134
    add_to_admin_menu = True
    copy_view_enabled = False
    inspect_view_enabled = True
    index_view_class = IndexView
    add_view_class = AddView
    edit_view_class = EditView
    inspect_view_class = InspectView
    search_fields: ClassVar[list[str]] = ["name", "address"]
    list_filter: ClassVar[list[str]] = ["kind", "is_active"]
    list_display: ClassVar[list[Any]] = [
        "name",
        Column("kind", label=gettext_lazy("Kind"), accessor="get_kind_display", sort_key="kind"),
        BooleanColumn("is_active", label=gettext_lazy("On"), sort_key="is_active"),
        Column("condition", label=gettext_lazy("Condition")),
        DateColumn("last_ok_at", label=gettext_lazy("Last read"), sort_key="last_ok_at"),
        NumberColumn("item_count", label=gettext_lazy("Number of items"), sort_key="item_count"),
        Column("last_error", label=gettext_lazy("What is wrong"), classname="nc-long"),
    ]

    def get_form_class(self, for_update: bool = False) -> type[SourceForm]:
        return SourceForm

    def get_urlpatterns(self) -> list[URLPattern]:
        verbs = [
            path(f"{name}/<int:pk>/", view.as_view(), name=name) for name, view in VERBS.items()
        ]
        return [*super().get_urlpatterns(), *verbs]
