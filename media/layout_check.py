"""The admin page on which staff check a Word file of their own. Nothing is stored."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from media.documents.checking.package import MAX_BYTES, UnreadableError
from media.documents.checking.report import Report, check

SHOWN = 20  # places of one broken rule


class CheckForm(forms.Form):
    """A Word file."""

    file = forms.FileField(
        label=gettext_lazy("Word file"),
        help_text=gettext_lazy("A .docx file of at most 10 MB. It is read and not kept."),
        validators=[FileExtensionValidator(["docx", "doc", "docm"])],
    )

    def clean_file(self) -> Any:
        """Return the upload; one that is too large is not even read."""
        upload = self.cleaned_data["file"]
        if upload.size > MAX_BYTES:
            raise ValidationError(
                _("The file is larger than %(size)d MB.") % {"size": MAX_BYTES // 1024**2}
            )
        return upload

    def check(self) -> Report | None:
        """Return the report on the file; the form says so if the file cannot be read."""
        try:
            return check(self.cleaned_data["file"].read())
        except UnreadableError as error:
            self.add_error("file", str(error))
            return None


class CheckView(WagtailAdminTemplateMixin, TemplateView):
    """Takes a file and shows each rule of the decree as kept or broken."""

    page_title = gettext_lazy("Check a document's layout")
    header_icon = "doc-full"
    template_name = "media/check.html"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CheckForm(request.POST, request.FILES)
        report = form.check() if form.is_valid() else None
        name = form.cleaned_data["file"].name if report else ""
        return self.render_to_response(
            self.get_context_data(form=form, report=report, name=name, shown=SHOWN)
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {"form": CheckForm(), **context}
