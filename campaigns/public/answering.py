"""Answers that browsers and proxies keep but ask about each time: never old, never a draft."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control

View = Callable[..., HttpResponse]


def asked_again(view: View) -> View:
    """Name the answer by its content; who has it already is told so and gets no copy.

    Nothing has to be dropped when a slot, a piece of evidence or the plan changes: the name changes
    with the page. What a signed-in person sees is kept by nobody else.
    """

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code != 200 or response.streaming:
            return response
        etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        response["ETag"] = etag
        is_reader = not request.user.is_authenticated
        patch_cache_control(response, public=is_reader, private=not is_reader, no_cache=True)
        kept = get_conditional_response(request, etag=etag, response=response)
        return kept if kept is not None else response

    return answered
