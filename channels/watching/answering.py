"""The signed address in a trial mail: whoever opens it and presses the button proves it arrived.

A mailbox can also be read by a program, which posts to the address.
"""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from channels.contract import Degree, Proof
from channels.watching import answers, canary
from channels.watching.models import Canary


def note(story: UUID, now: datetime) -> bool:
    """Note that the trial came back. False when it was noted, or another one took its place."""
    open_one = Canary.objects.filter(delivery__story=story).select_related("delivery").first()
    if open_one is None or open_one.delivery is None:
        return False
    with translation.override(settings.LANGUAGE_CODE):
        words = _("Whoever reads the mailbox opened the signed address in the mail.")
    return canary.prove(open_one, open_one.delivery, Proof(Degree.RETURNED, words), now)


@csrf_exempt  # the signed address proves who acts; programs keep no cookies
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def arrived(request: HttpRequest, token: str) -> HttpResponse:
    """Show one button. Only the button counts: programs that look for dangers follow links too."""
    story = answers.story_of(token)
    if story is None:
        raise Http404
    if request.method == "POST":
        note(story, timezone.now())
        return _private(redirect(request.path))
    waiting = Canary.objects.filter(delivery__story=story).exists()
    return _private(render(request, "channels/watching/arrived.html", {"waiting": waiting}))


def _private(response: HttpResponse) -> HttpResponse:
    """Keep the address, which is a key, out of indexes and of other sites' logs."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
