"""Request-wide rules: composed Unicode on the way in, content policy on the way out."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict

from core.text import nfc

Next = Callable[[HttpRequest], HttpResponse]


class NormaliseInput:
    """Puts every text field and file name of a form into NFC, whoever typed or pasted it.

    macOS and some Vietnamese keyboards send decomposed letters, which sort, search and print
    differently from the composed ones that look the same.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.GET = normalised(request.GET)  # type: ignore[assignment]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: object) -> None:
        # After the CSRF check, so that upload limits and handlers apply as usual.
        if request.method == "POST":
            request.POST = normalised(request.POST)  # type: ignore[assignment]
            for uploads in request.FILES.lists():
                for upload in uploads[1]:
                    upload.name = nfc(upload.name)


def normalised(data: QueryDict) -> QueryDict:
    """Return the same query data with every value in NFC; the same object if nothing changes."""
    if all(value == nfc(value) for _, values in data.lists() for value in values):
        return data
    changed = data.copy()
    for key, values in data.lists():
        changed.setlist(key, [nfc(value) for value in values])
    changed._mutable = False
    return changed


class AdminContentPolicy:
    """Allows inline scripts and styles in the admin, which Wagtail needs, and nowhere else."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith("/admin/") and not getattr(response, "_csp_replace", None):
            response._csp_replace = settings.ADMIN_CONTENT_POLICY  # type: ignore[attr-defined]
        return response
