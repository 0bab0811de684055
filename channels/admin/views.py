"""Pages of the admin about channels. What they do is in ``actions``."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views import generic
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from channels import audience, retiring
from channels.admin import actions
from channels.admin.forms import ChannelForm
from channels.admin.health import health_of
from channels.admin.stations import FEEDS, MAKE
from channels.admin.watched import watched
from channels.contract import DeliveryError, UncertainError
from channels.delivery import Outcome
from channels.models import Channel, State
from channels.registry import ADAPTERS
from core.errors import RefusedError
from core.finding import FoldedSearch


class IndexView(FoldedSearch, generic.IndexView):
    """The list, each channel with its health: one query more for the whole page."""

    def get_base_queryset(self) -> Any:
        return Channel.objects.select_related("owner")

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        channels = context["object_list"]
        health = health_of(channels, timezone.now())
        for channel in channels:
            channel.health = health[channel.pk]
        return context


class SavingMixin:
    """What adding and editing have in common: the secret's log entry, and "save and check"."""

    request: HttpRequest
    form: ChannelForm
    object: Channel

    def save_instance(self) -> Channel:
        channel: Channel = super().save_instance()  # type: ignore[misc]
        if self.form.secret_changed:
            actions.note_secret(channel, self.request.user)
        return channel

    def get_success_url(self) -> str:
        # The check calls the receiver, so it has a request of its own, outside this transaction.
        name = "channels:check" if "action-check" in self.request.POST else "channels:edit"
        return reverse(name, args=[self.object.pk])

    def get_success_buttons(self) -> list[Any]:
        return []


class AddView(SavingMixin, generic.CreateView):
    """First the kind is chosen, then its form is filled in."""

    success_message = gettext_lazy("“%(object)s” was added. It is off until you switch it on.")
    error_message = gettext_lazy("The channel was not saved: please correct what is marked.")
    submit_button_label = gettext_lazy("Save")
    submit_button_active_label = gettext_lazy("Saving…")

    @cached_property
    def kind(self) -> str:
        """The kind asked for; empty when none was chosen or it does not exist."""
        kind = self.request.GET.get("kind", "")
        return kind if kind in ADAPTERS else ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.kind and request.method == "POST":
            return redirect(reverse("channels:add"))
        return super().dispatch(request, *args, **kwargs)

    def get_template_names(self) -> list[str]:
        return ["channels/admin/form.html" if self.kind else "channels/admin/kinds.html"]

    def get_initial_form_instance(self) -> Channel:
        return Channel(kind=self.kind)

    def get_form(self, form_class: Any = None) -> Any:
        return super().get_form(form_class) if self.kind else None

    def get_add_url(self) -> str:
        return f"{super().get_add_url()}?kind={self.kind}"

    def get_page_subtitle(self) -> str:
        return str(ADAPTERS[self.kind].label) if self.kind else _("channel")

    @cached_property
    def has_unsaved_changes(self) -> bool:
        return bool(self.form) and self.form.is_bound

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.form = self.form if hasattr(self, "form") else self.get_form()
        if not self.kind:
            return {**self._choosing(), **kwargs}
        return {**super().get_context_data(**kwargs), "kind_summary": ADAPTERS[self.kind].summary}

    def _choosing(self) -> dict[str, Any]:
        return {
            "view": self,
            "page_title": self.page_title,
            "header_title": _("Choose the kind of channel"),
            "header_icon": self.header_icon,
            "breadcrumbs_items": self.get_breadcrumbs_items(),
            # Not the classes themselves: templates call what can be called.
            "kinds": [
                {"kind": kind, "label": adapter.label, "summary": adapter.summary}
                for kind, adapter in ADAPTERS.items()
            ],
            "add_url": reverse("channels:add"),
        }


class EditView(SavingMixin, generic.EditView):
    """The form, above it the channel's health and what can be done with it."""

    success_message = gettext_lazy("“%(object)s” was saved.")
    error_message = AddView.error_message
    submit_button_label = AddView.submit_button_label
    submit_button_active_label = AddView.submit_button_active_label

    def get_template_names(self) -> list[str]:
        return ["channels/admin/form.html"]

    def get_queryset(self) -> Any:
        return Channel.objects.select_related("owner")

    def get_form_class(self) -> Any:
        if self.object.kind not in ADAPTERS:
            raise _UnknownKind
        return super().get_form_class()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except _UnknownKind:
            messages.error(request, _("This version of the system has no channels of this kind."))
            return redirect(reverse("channels:index"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        channel = self.object
        return {
            **context,
            "kind_label": ADAPTERS[channel.kind].label,
            "channel": channel,
            "health": health_of([channel], timezone.now())[channel.pk],
            "watched": watched(channel),
            "hub_notices": channel.hub_notices.all(),
        }


class InspectView(generic.InspectView):
    """The channel for those who may only look: no secret, no settings, no buttons."""

    def get_fields(self) -> list[str]:
        return []

    def get_fields_context(self) -> list[dict[str, Any]]:
        channel = self.object
        health = health_of([channel], timezone.now())[channel.pk]
        sections, levels = dict(audience.sections()), dict(audience.LEVELS)
        facts = {
            _("Name"): channel.name,
            _("Kind"): channel.get_kind_display(),
            pgettext("channel", "Owner"): channel.owner or "—",
            _("On"): _("yes") if channel.is_active else _("no"),
            _("Condition"): health.label,
            **({_("Retired"): local_time(channel.retired_at)} if channel.is_retired else {}),
            _("Last success"): local_time(channel.last_success_at),
            _("Last failure"): channel.last_failure or "—",
            _("Sections"): ", ".join(audience.named(channel.takes_sections, sections))
            or _("All sections"),
            _("Levels"): ", ".join(audience.named(channel.takes_levels, levels)) or _("All levels"),
        }
        seen = watched(channel)
        facts |= {_("Last asked"): seen.probed or "—"}
        if channel.is_test:
            facts[_("Trial message")] = ". ".join(filter(None, (seen.trial, seen.trouble)))
        if channel.kind in FEEDS and self.request.user.has_perm(MAKE):
            address = reverse("channels:stations", args=[channel.pk])
            words = _("Stations' own addresses")
            facts[_("Stations")] = format_html('<a href="{}">{}</a>', address, words)
        return [{"label": label, "value": value} for label, value in facts.items()]


def local_time(moment: datetime | None) -> str:
    """Return the moment as clocks here show it; Wagtail's template would write it in UTC."""
    if moment is None:
        return "—"
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")


class _UnknownKind(Exception):
    """The stored kind is not in the registry: its adapter was taken out of the program."""


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class DeleteView(generic.DeleteView):
    """Deletes a channel that never had anything to deliver.

    The others are proof and stay: of those the page shows what waits, what is on its way and what
    still stands, and offers to switch it off, to cancel what waits, and to retire it.
    """

    success_message = gettext_lazy("“%(object)s” was deleted.")

    @cached_property
    def history(self) -> retiring.History:
        return retiring.history(self.object)

    def get_template_names(self) -> list[str]:
        return ["channels/admin/leave.html"] if self.history else super().get_template_names()

    def get_page_title(self) -> str:
        return _("Take out of use") if self.history else super().get_page_title()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("refused", False)
        return {
            **super().get_context_data(**kwargs),
            "channel": self.object,
            "history": self.history,
            "may_change": self.user_has_permission("change"),
        }

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                response: HttpResponse = super().form_valid(form)
        except (
            RefusedError,
            ProtectedError,
            IntegrityError,
        ):  # something may have been queued just now
            return self.render_to_response(self.get_context_data(refused=True), status=409)
        return response


class VerbView(PermissionCheckedMixin, View):
    """One button: does its verb to a channel, says what came of it, and goes back to the form."""

    model = Channel
    permission_required = "change"
    http_method_names: ClassVar[list[str]] = ["post"]  # type: ignore[misc]
    back = "channels:edit"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        channel = get_object_or_404(Channel, pk=pk)
        try:
            self.act(channel)
        except UncertainError as error:
            messages.warning(request, str(error))
        except DeliveryError as error:
            messages.error(request, str(error))
        return redirect(reverse(self.back, args=[pk]))

    def act(self, channel: Channel) -> None:
        """Do it and add a message. May raise ``DeliveryError``."""
        raise NotImplementedError


class SwitchOnView(VerbView):
    def act(self, channel: Channel) -> None:
        actions.switch_on(channel, self.request.user)
        messages.success(self.request, _("“%(channel)s” is on.") % {"channel": channel})


class SwitchOffView(VerbView):
    def act(self, channel: Channel) -> None:
        actions.switch_off(channel, self.request.user)
        messages.success(self.request, _("“%(channel)s” is off.") % {"channel": channel})


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class RetireView(VerbView):
    """Outside a transaction: each delivery that waits is let go in one of its own."""

    def act(self, channel: Channel) -> None:
        retiring.retire(channel, self.request.user)
        words = _("“%(channel)s” was retired. Its history stays, and it can be brought back.")
        messages.success(self.request, words % {"channel": channel})


class BringBackView(VerbView):
    def act(self, channel: Channel) -> None:
        retiring.bring_back(channel, self.request.user)
        words = _("“%(channel)s” is back. It is off until you switch it on.")
        messages.success(self.request, words % {"channel": channel})


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class CancelWaitingView(VerbView):
    back = "channels:delete"

    def act(self, channel: Channel) -> None:
        count = retiring.cancel_waiting(channel, self.request.user)
        left = retiring.history(channel).stoppable
        words = ngettext(
            "%(count)s delivery was cancelled.", "%(count)s deliveries were cancelled.", count
        ) % {"count": count}
        if left:
            words += " " + _("%(left)s are left: press again.") % {"left": left}
        messages.success(self.request, words)


class RestartView(VerbView):
    def act(self, channel: Channel) -> None:
        actions.restart(channel, self.request.user)
        messages.success(self.request, _("“%(channel)s” works again.") % {"channel": channel})


class AnnounceView(VerbView):
    def act(self, channel: Channel) -> None:
        if actions.announce(channel, self.request.user):
            messages.success(self.request, _("The hubs will be told within seconds."))
        else:
            messages.info(self.request, _("This channel names no hubs, or it is off."))


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class CheckView(VerbView):
    """Asks the destination for its name. Changes nothing anywhere, so it may be a GET."""

    http_method_names: ClassVar[list[str]] = ["get", "post"]  # type: ignore[misc]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.post(request, pk)

    def act(self, channel: Channel) -> None:
        name = actions.check(channel)
        if name:
            text = _("The connection works: %(name)s.") % {"name": name}
        else:
            text = _("The settings are complete. This kind of channel has no connection to check.")
        messages.success(self.request, text)


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class TestView(VerbView):
    """Sends a test message and shows what came of it."""

    def act(self, channel: Channel) -> None:
        adapter = ADAPTERS.get(channel.kind)
        if adapter is not None and adapter.pulls:
            messages.info(
                self.request,
                _("Nothing is sent here: receivers come and fetch. Open its address to see it."),
            )
            return
        self._show(actions.send_test(channel, self.request.user))

    def _show(self, outcome: Outcome) -> None:
        match outcome.state:
            case State.DELIVERED:
                messages.success(self.request, *_delivered(outcome))
            case State.AWAITING:
                note = outcome.receipt.note if outcome.receipt else ""
                messages.info(self.request, _("Handed over: %(note)s") % {"note": note})
            case State.UNCERTAIN:
                messages.warning(
                    self.request,
                    _("It is not known whether the test message arrived: %(reason)s Please look.")
                    % {"reason": outcome.reason},
                )
            case State.PENDING:
                messages.error(
                    self.request,
                    _("The test message could not be sent now: %(reason)s Please try again later.")
                    % {"reason": outcome.reason},
                )
            case _:
                messages.error(
                    self.request,
                    _("The test message was refused: %(reason)s") % {"reason": outcome.reason},
                )


def _delivered(outcome: Outcome) -> tuple[str, list[Any]]:
    text = _(
        "The test message was delivered. Please remove it at the receiver when you have seen it."
    )
    address = outcome.receipt.address if outcome.receipt else ""
    buttons = [messages.button(address, _("See it"), new_window=True)] if address else []
    return text, buttons
