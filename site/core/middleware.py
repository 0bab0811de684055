"""Request-wide rules: composed Unicode, one transaction per change, content policy."""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.db import DEFAULT_DB_ALIAS, transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import SimpleTemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.defaults import page_not_found

from core import actor, logs
from core.errors import RefusedError
from core.text import nfc

Next = Callable[[HttpRequest], HttpResponse]
API = "/admin/api/"
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}


class RequestId:
    """Names each request: in every line it logs, and in the answer's ``X-Request-ID``.

    A proxy's own name for it is kept when it looks like one.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        name = given if REQUEST_ID.fullmatch(given) else uuid4().hex
        logs.begin(request_id=name)  # to the end and beyond: Django logs the answer after us
        response = self.get_response(request)
        response.headers["X-Request-ID"] = name
        return response


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
                    upload.name = nfc(upload.name or "")


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


class FriendlyNotFound:
    """Shows readers of the demo the portal's own 404 page, where ``DEBUG`` would show Django's."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Http404) and not request.path.startswith("/admin/"):
            return page_not_found(request, exception)
        return None


class AtomicAdmin:
    """Runs every changing request to the admin in one transaction.

    Wagtail publishes, unpublishes, copies and moves through editor views, bulk actions, workflow
    views and its admin API, most of them without a transaction. Wrapping them all here means that a
    page never goes live while its deliveries fail to be written, whichever way it was published.
    What runs inside can ask ``core.actor`` whose request it is.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if request.method in SAFE_METHODS or not request.path.startswith("/admin/"):
            return None
        if DEFAULT_DB_ALIAS in getattr(view, "_non_atomic_requests", ()):
            return None  # marked by transaction.non_atomic_requests: it waits for the network
        try:
            with actor.acting(request.user), transaction.atomic():
                response = view(request, *args, **kwargs)
                if isinstance(response, SimpleTemplateResponse):
                    response.render()
                return response
        except RefusedError as refusal:
            if request.path.startswith(API):  # a program reads the answer, not the next page
                return JsonResponse({"detail": str(refusal)}, status=HTTPStatus.CONFLICT)
            messages.error(request, str(refusal))
            return redirect(back_to(request))


def back_to(request: HttpRequest) -> str:
    """Return where the person came from, if that is on this site; else the admin's home."""
    referrer = request.headers.get("Referer", "")
    here = url_has_allowed_host_and_scheme(referrer, allowed_hosts={request.get_host()})
    return referrer if here else reverse("wagtailadmin_home")
