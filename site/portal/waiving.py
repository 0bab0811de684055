"""The screen on which a person lets one delivery go in spite of quiet hours, and says why."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from channels import delivery
from channels.models import Delivery
from portal.deliveries import story_page
from portal.models import StoryPage

SHORTEST_REASON = 10  # characters


class ReasonForm(forms.Form):
    """Why it cannot wait."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        min_length=SHORTEST_REASON,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Kept in the history of the item, with your name."),
        error_messages={
            "required": gettext_lazy("Say why it cannot wait for the end of the quiet hours."),
            "min_length": gettext_lazy("Say it in a few more words."),
        },
    )


class WaiveView(WagtailAdminTemplateMixin, TemplateView):
    """``/admin/deliveries/<page>/<delivery>/waive/``, for who settles deliveries."""

    template_name = "portal/admin/waive.html"
    page_title = gettext_lazy("Send in quiet hours")
    header_icon = "time"

    page: StoryPage
    row: Delivery

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.page = story_page(kwargs["pk"])
        if not self.page.permissions_for_user(request.user).can_settle_deliveries():
            raise PermissionDenied
        rows = Delivery.objects.select_related("channel")
        self.row = get_object_or_404(rows, pk=kwargs["delivery_pk"], story=self.page.story)
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.row.channel.name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        up = {"url": self.back, "label": self.page.title}
        return [*self.breadcrumbs_items, up, {"url": "", "label": self.page_title}]

    @property
    def back(self) -> str:
        return reverse("wagtailadmin_pages:edit", args=[self.page.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", ReasonForm())
        return super().get_context_data(
            **kwargs, row=self.row, quiet_until=self.row.waits_until(timezone.now()), back=self.back
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ReasonForm(request.POST)
        if form.is_valid():
            try:
                delivery.waive_quiet_hours(self.row, request.user, form.cleaned_data["reason"])
            except delivery.NotAllowed as refusal:
                form.add_error(None, str(refusal))
            else:
                words = _("“%(channel)s” gets the item now.")
                messages.success(request, words % {"channel": self.row.channel.name})
                return redirect(self.back)
        return self.render_to_response(self.get_context_data(form=form), status=422)
