"""Files that not everybody may read: served by a view that asks those who know.

A layer above registers a guard for the documents and pictures it keeps privately: a function that
says whether the person may read this one. One guard that says yes is enough; without any, nobody
but who uploaded it reads the file.
"""

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from core.storage import PRIVATE
from media.models import Attachment, Picture, Rendition

Guard = Callable[[Any, Attachment | Picture], bool]

_guards: list[Guard] = []
INLINE = {".pdf", ".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif"}


def register_guard(guard: Guard) -> Guard:
    """Take a guard; registering it again changes nothing. It serves as a decorator."""
    if guard not in _guards:
        _guards.append(guard)
    return guard


def may_read(user: Any, held: Attachment | Picture) -> bool:
    """Whether the person may read the file."""
    if not user.is_authenticated or not user.is_active:
        return False
    if held.uploaded_by_user_id == user.pk:
        return True
    return any(guard(user, held) for guard in _guards)


def holder_of(name: str) -> Attachment | Picture | None:
    """Return the document or picture whose file it is, or of which it is a smaller copy."""
    document = Attachment.objects.filter(file=name).first()
    if document is not None:
        return document
    picture = Picture.objects.filter(file=name).first()
    if picture is not None:
        return picture
    smaller = Rendition.objects.filter(file=name).select_related("image").first()
    return smaller.image if smaller is not None else None


@require_safe
def serve(request: HttpRequest, name: str) -> HttpResponseBase:
    """Give a private file to those who may read it; others are asked who they are, or refused."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), reverse("wagtailadmin_login"))
    path = f"{PRIVATE}{name}"
    held = holder_of(path)
    if held is None:
        raise Http404
    if not may_read(request.user, held):
        raise PermissionDenied
    try:
        file = default_storage.open(path)
    except OSError as error:
        raise Http404 from error
    shown = PurePosixPath(name)
    response = FileResponse(
        file, as_attachment=shown.suffix.lower() not in INLINE, filename=shown.name
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    patch_cache_control(response, private=True, no_store=True)
    return response
