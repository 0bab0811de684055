"""The screens on which a public item is corrected, published again, or taken back."""

from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import RedirectView, TemplateView
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from channels import outbox
from channels.models import Channel
from core.errors import RefusedError
from portal import gates
from portal.corrections import deciding, withdrawing
from portal.corrections.comparing import difference
from portal.corrections.forms import CorrectionForm, WithdrawalForm
from portal.deliveries import story_page
from portal.models import CorrectionKind, PhysicalCopy, StoryPage
from portal.permissions import why_not
from portal.stories import prepare_pictures

SHORTEST_OVERRIDE = 10  # characters


class ItemView(WagtailAdminTemplateMixin, TemplateView):
    """A screen about one item, for those who may."""

    page: StoryPage

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.page = story_page(kwargs["pk"])
        if not self.may(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def may(self, user: Any) -> bool:
        raise NotImplementedError

    def get_page_subtitle(self) -> str:
        return self.page.get_admin_display_title()

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        editor = {
            "url": reverse("wagtailadmin_pages:edit", args=[self.page.pk]),
            "label": self.page.get_admin_display_title(),
        }
        return [*self.breadcrumbs_items, editor, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"item": self.page, "reach": self.reach()}

    def reach(self) -> dict[str, Any]:
        """Return the channels that hold the item, and how many copies of it are about."""
        held = outbox.standings(self.page.story)
        holding = [pk for pk, standing in held.items() if standing.may_be_up or standing.queued]
        copies = PhysicalCopy.objects.filter(page=self.page.pk, gone_at=None)
        return {"channels": Channel.objects.filter(pk__in=holding), "copies": copies.count()}


class CorrectView(ItemView):
    """``/admin/pages/<id>/correct/``: what changes, why, and whether readers are told."""

    template_name = "portal/admin/corrections/correct.html"
    header_icon = "edit"

    def may(self, user: Any) -> bool:
        return self.page.permissions_for_user(user).holds_publishing()

    @cached_property
    def revision(self) -> Any:
        return self.page.get_latest_revision()

    @cached_property
    def version(self) -> StoryPage:
        """The item as it would become public."""
        version: StoryPage = self.revision.as_object()
        return version

    @cached_property
    def kind(self) -> CorrectionKind | None:
        return deciding.needed(self.version) if self.revision else None

    @cached_property
    def refusal(self) -> str:
        """Why this person needs somebody else, or a reason of urgency; "" if not."""
        return why_not(self.page, self.request.user, self.revision)

    def get_page_title(self) -> str:
        return _("Publish again") if self.kind == CorrectionKind.RESTORE else _("Correct")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.nothing_to_do() or super().get(request, *args, **kwargs)

    def nothing_to_do(self) -> HttpResponse | None:
        if self.kind is not None:
            return None
        messages.info(
            self.request,
            _(
                "There is nothing to correct: nobody would see a difference. Change the item "
                "first, and save it as a draft."
            ),
        )
        return redirect("wagtailadmin_pages:edit", self.page.pk)

    def form(self, data: Any = None) -> CorrectionForm:
        form = CorrectionForm(data)
        if self.refusal:
            form.fields["override_reason"] = forms.CharField(
                label=_("Publish urgently: reason"),
                min_length=SHORTEST_OVERRIDE,
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 2}),
                help_text=_("Somebody else of the editorial board reviews it afterwards."),
            )
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self.form())
        return super().get_context_data(
            **kwargs,
            kind=self.kind,
            refusal=self.refusal,
            revision=self.revision,
            version=self.version,
            changes=[
                (change.label, difference(change.old, change.new))
                for change in deciding.changes(self.version)
            ],
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        idle = self.nothing_to_do()
        if idle:
            return idle
        form = self.form(request.POST)
        if form.is_valid():
            if request.POST.get("revision") != str(self.revision.pk):
                form.add_error(None, _("Somebody saved a newer version meanwhile: look again."))
            else:
                try:
                    return self.publish(form)
                except RefusedError as refusal:
                    form.add_error(None, refusal.shown())
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def publish(self, form: CorrectionForm) -> HttpResponse:
        """Publish or schedule the version. Raises ``RefusedError``, having changed nothing."""
        consent = replace(
            gates.consent(),
            correction=form.choice(),
            override_reason=form.cleaned_data.get("override_reason", ""),
        )
        prepare_pictures(self.version)
        with transaction.atomic(), gates.consenting(consent):
            action = PublishPageRevisionAction(self.revision, user=self.request.user)
            action.execute(skip_permission_checks=True)
        if self.page.__class__.objects.filter(
            pk=self.page.pk, live_revision=self.revision
        ).exists():
            messages.success(self.request, _("Published. Follow it here to every place it went."))
            return redirect("portal_ripple", self.page.pk)
        messages.success(self.request, _("Scheduled, with what you chose."))
        return redirect("wagtailadmin_pages:edit", self.page.pk)


class WithdrawView(ItemView):
    """``/admin/pages/<id>/withdraw/``: why an item is taken back."""

    template_name = "portal/admin/corrections/withdraw.html"
    page_title = gettext_lazy("Withdraw")
    header_icon = "download"

    def may(self, user: Any) -> bool:
        return self.page.permissions_for_user(user).holds_publishing()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.page.live:
            messages.info(request, _("This item is not public: there is nothing to withdraw."))
            return redirect("wagtailadmin_pages:edit", self.page.pk)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", WithdrawalForm())
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = WithdrawalForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        withdrawing.withdraw(self.page, request.user, form.choice())
        messages.success(request, _("Withdrawn. Follow it here to every place it went."))
        return redirect("portal_ripple", self.page.pk)


class UnpublishRedirect(RedirectView):
    """Leads from Wagtail's way of taking an item off to ours, which asks for a reason."""

    def get_redirect_url(self, *args: Any, **kwargs: Any) -> str:
        return reverse("portal_withdraw", args=[kwargs["page_id"]])
