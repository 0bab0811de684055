"""The importer in the admin: choose files, look at what was understood, make drafts."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from ingest.articles import UnreadableFile
from ingest.articles.article import MAX_BYTES
from ingest.drafts import make_draft, may_import, remember
from ingest.forms import UploadForm
from ingest.models import ImportedFile
from organisations.models import User


class ImportView(WagtailAdminTemplateMixin, TemplateView):
    """``/admin/import/``: the form, and the files of this person that wait for their drafts."""

    page_title = _("Import articles")
    header_icon = "upload"
    template_name = "ingest/admin/import.html"

    @property
    def person(self) -> User:
        """Who is logged in; nobody else gets past ``dispatch``."""
        return cast(User, self.request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_import(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", UploadForm())
        kwargs["waiting"] = waiting_for(self.request)
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Read the uploaded files. What cannot be read is named; the rest waits below the form."""
        form = UploadForm(request.POST, request.FILES)
        unread: list[str] = []
        if form.is_valid():
            for upload in form.cleaned_data["uploads"]:
                self.read(upload, unread)
            if not unread:
                return redirect("ingest_import")
        context = self.get_context_data(form=form, unread=unread)
        return self.render_to_response(context, status=422)

    def read(self, upload: UploadedFile[Any], unread: list[str]) -> None:
        try:
            file = remember(upload.read(MAX_BYTES + 1), str(upload.name), self.person)
        except UnreadableFile as error:
            unread.append(str(error))
            return
        if file.page_id is not None:
            note = _("%(name)s was imported before; no second draft is made.") % {"name": file.name}
            messages.info(self.request, note, [edit_button(file.page_id)])


class MakeDraftsView(ImportView):
    """``/admin/import/drafts/``: makes drafts of the chosen files, or forgets the files."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("ingest_import")

    def post(self, request: HttpRequest) -> HttpResponse:
        chosen = [int(pk) for pk in request.POST.getlist("file") if pk.isdecimal()]
        files = list(waiting_for(request).filter(pk__in=chosen))
        if not files:
            messages.warning(request, _("Choose at least one file."))
        elif request.POST.get("action") == "forget":
            waiting_for(request).filter(pk__in=chosen).delete()
            messages.success(request, _("The chosen files were discarded."))
        else:
            pages = [self.make(file) for file in files]
            if len(pages) == 1:
                return redirect("wagtailadmin_pages:edit", pages[0])
        return redirect("ingest_import")

    def make(self, file: ImportedFile) -> int:
        draft = make_draft(file, self.person)
        note = _("Draft “%(title)s” was made from %(name)s.")
        message = note % {"title": draft.page.title, "name": draft.file.name}
        messages.success(self.request, message, [edit_button(draft.page.pk)])
        return int(draft.page.pk)


def edit_button(page: int) -> tuple[str, str, bool]:
    """Return the button under a message that leads to the page's editor."""
    return messages.button(reverse("wagtailadmin_pages:edit", args=[page]), _("Edit"))


def waiting_for(request: HttpRequest) -> QuerySet[ImportedFile]:
    """Return what this person has uploaded and not yet turned into drafts."""
    return ImportedFile.objects.waiting().filter(imported_by=request.user.pk)
