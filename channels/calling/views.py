"""Where an officer acknowledges. The link is the key: no account, one purpose, for a week."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from channels.calling import engine, links
from channels.payload import story_from_json


@csrf_exempt  # the signed address proves who acts; readers of mail often keep no cookies
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def acknowledge(request: HttpRequest, token: str) -> HttpResponse:
    """Show the announcement with one button. Only the button counts: programs follow links too.

    A link that is not ours is answered like any other address that does not exist.
    """
    try:
        call = links.call_of(token)
    except links.Expired:
        return _private(render(request, "channels/calling/expired.html", status=410))
    if call is None:
        raise Http404
    if request.method == "POST":
        engine.acknowledge(call)
        return _private(redirect(request.path))
    story = story_from_json(call.publication.content)
    context = {"call": call, "story": story, "states": engine.State}
    return _private(render(request, "channels/calling/acknowledge.html", context))


def _private(response: HttpResponse) -> HttpResponse:
    """Keep the address, which is a key, out of indexes and of other sites' logs."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
