"""For monitors elsewhere: is a worker at work?"""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from channels import heartbeat
from channels.watching.models import WatchSettings


@never_cache
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """``/readyz/worker``: 503 when no worker gave a sign of life lately.

    Not part of ``/readyz``: a portal whose worker is dead still serves its readers.
    """
    limit = timedelta(minutes=WatchSettings.load().silent_minutes)
    seen = heartbeat.last_seen()
    if seen is None or seen < timezone.now() - limit:
        return HttpResponse("worker silent\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")
