"""The screen on which a picture gives way to another."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.images.widgets import AdminImageChooser
from wagtail.permissions import policy_registry

from media.models import Picture
from media.replacing import pages_with, replace_everywhere


class ReplaceForm(forms.Form):
    picture = forms.ModelChoiceField(
        Picture.objects.all(),
        label=gettext_lazy("The picture to use instead"),
        widget=AdminImageChooser,
    )


class ReplaceView(WagtailAdminTemplateMixin, TemplateView):
    """Lists where a picture is used, and puts another one there."""

    request: HttpRequest
    page_title = gettext_lazy("Use another picture instead")
    header_icon = "image"
    template_name = "media/replace.html"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        own = {"url": reverse("wagtailimages:edit", args=[self.picture.pk])}
        own["label"] = self.picture.title
        here = {"url": "", "label": self.get_page_title()}
        return [*super().get_breadcrumbs_items(), own, here]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.picture = get_object_or_404(Picture, pk=kwargs["pk"])
        policy = policy_registry.get_by_type(Picture)
        if not policy.user_has_permission_for_instance(request.user, "change", self.picture):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = ReplaceForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        if form.cleaned_data["picture"] == self.picture:
            form.add_error("picture", _("This is the picture itself. Choose another one."))
            return self.render_to_response(self.get_context_data(form=form))
        outcome = replace_everywhere(self.picture, form.cleaned_data["picture"], request.user)
        words = ngettext(
            "%(count)d page has a new version with the other picture. It becomes public once "
            "somebody approves it.",
            "%(count)d pages have a new version with the other picture. They become public once "
            "somebody approves them.",
            len(outcome.changed),
        )
        messages.success(request, words % {"count": len(outcome.changed)})
        if outcome.left:
            titles = ", ".join(f"“{page.title}”" for page in outcome.left)
            messages.warning(
                request,
                _("Left as they are, because you may not edit them now: %(titles)s.")
                % {"titles": titles},
            )
        return redirect(reverse("wagtailimages:edit", args=[pk]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        form = kwargs.get("form") or ReplaceForm()
        return context | {
            "picture": self.picture,
            "pages": list(pages_with(self.picture)),
            "form": form,
            "media": form.media,
        }
