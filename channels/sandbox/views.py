"""The sandbox over HTTP: the Bot API, its remote control, and the chat as members see it."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from channels.sandbox import api, faults
from channels.sandbox.answers import ApiError
from channels.sandbox.calls import Call, chat_of
from channels.sandbox.control import Order, apply_order, described
from channels.sandbox.models import SandboxBot, SandboxChat
from channels.sandbox.render import bubbles, pinned

HELD_SECONDS = 60.0  # longer than any client waits


def only_in_sandbox(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Answer 404 as if the view did not exist, unless the sandbox is on."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.SANDBOX:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was decided within the transaction; the answering is done outside it."""

    status: int
    body: dict[str, Any]
    fault: dict[str, Any] = field(default_factory=dict)


@csrf_exempt
@never_cache
@only_in_sandbox
def bot_api(request: HttpRequest, token: str, method: str) -> HttpResponseBase:
    """Answer one call of a bot, by GET or POST, as a form or as JSON."""
    try:
        answer = answered(perform(request, token, method.lower()))
    except ApiError as error:
        answer = JsonResponse(error.body(), status=error.code)
    # Refusals are wanted here, and Django would log them with the path, which holds the token.
    answer._has_been_logged = True  # type: ignore[attr-defined]
    return answer


@transaction.atomic
def perform(request: HttpRequest, token: str, method: str) -> Outcome:
    """Carry out a call, or the fault that is next. Raises ``ApiError`` when nothing was done."""
    bot = _bot(token)
    if method not in api.METHODS:
        raise ApiError(404, "Not Found")
    files = {name: file for name, file in request.FILES.items() if isinstance(file, UploadedFile)}
    call = Call(bot, _parameters(request), files)
    fault: dict[str, Any] = {}
    if method not in api.WITHOUT_CHAT:
        chat = chat_of(call)
        call = replace(call, chat=chat)
        early = faults.too_early(chat, bot)
        fault = {} if early else faults.take(chat, method)
        refusal = early or faults.refuse(chat, fault)
        # Returned, not raised: what the fault changed must be kept.
        if refusal:
            if refusal is not early:
                faults.tell(bot, refusal)
            return Outcome(refusal.code, refusal.body())
        if fault.get("fault") in faults.FOREIGN:
            return Outcome(0, {}, fault)
    return _done(call, method, fault)


def _done(call: Call, method: str, fault: dict[str, Any]) -> Outcome:
    try:
        with transaction.atomic():
            result = api.METHODS[method](call)
    except ApiError as error:
        faults.tell(call.bot, error)
        return Outcome(error.code, error.body(), fault)
    return Outcome(200, {"ok": True, "result": result}, fault)


def _bot(token: str) -> SandboxBot:
    if not token.partition(":")[0].isdecimal() or not token.partition(":")[2]:
        raise ApiError(404, "Not Found")
    # Locked: the rate of a bot is counted over all its chats.
    bot = SandboxBot.objects.select_for_update().filter(token=token).first()
    if bot is None:
        raise ApiError(401, "Unauthorized")
    return bot


def _parameters(request: HttpRequest) -> dict[str, Any]:
    parameters: dict[str, Any] = {**request.GET.dict(), **request.POST.dict()}
    if request.content_type == "application/json" and request.body:
        try:
            sent = json.loads(request.body)
        except ValueError:
            sent = None
        if not isinstance(sent, dict):
            raise ApiError(400, "Bad Request: can't parse JSON object")
        parameters |= sent
    return parameters


def answered(outcome: Outcome) -> HttpResponseBase:
    """Return the answer, late or broken if a fault says so."""
    seconds = float(outcome.fault.get("seconds", HELD_SECONDS))
    match outcome.fault.get("fault"):
        case "bad_gateway":
            return HttpResponse("<html><h1>502 Bad Gateway</h1></html>", status=502)
        case "html":
            return HttpResponse("<html><body>Welcome to the hotel network</body></html>")
        case "slow":
            time.sleep(min(float(outcome.fault.get("seconds", 3)), HELD_SECONDS))
        case "silence":
            time.sleep(min(seconds, HELD_SECONDS))
            return _broken_off()
        case "cut":
            return _broken_off()
    return JsonResponse(outcome.body, status=outcome.status)


def _broken_off() -> StreamingHttpResponse:
    def body() -> Iterator[bytes]:
        yield b'{"ok":true,'
        raise ConnectionAbortedError("The sandbox was told to break off here")

    response = StreamingHttpResponse(body(), content_type="application/json")
    response["Content-Length"] = "1000"
    return response


@csrf_exempt
@never_cache
@only_in_sandbox
@require_http_methods(["GET", "POST"])
def control(request: HttpRequest) -> HttpResponseBase:
    """Set up a chat for a test or rehearsal, and tell what it holds."""
    try:
        if request.method == "POST":
            chat = apply_order(Order.model_validate_json(request.body))
        else:
            chat = SandboxChat.objects.get(chat_id=int(request.GET.get("chat_id", "0")))
    except ObjectDoesNotExist:
        return JsonResponse({"error": "no such chat"}, status=404)
    except ValueError as error:
        return JsonResponse({"error": str(error)}, status=400)
    return JsonResponse(described(chat))


@require_GET
@never_cache
@only_in_sandbox
def chat_list(request: HttpRequest) -> HttpResponseBase:
    """Every group, with its latest message."""
    chats = SandboxChat.objects.filter(migrated_to=None)
    rows = [(chat, chat.messages.standing().last()) for chat in chats]
    return render(request, "channels/sandbox/list.html", {"rows": rows})


@require_GET
@never_cache
@only_in_sandbox
def chat_page(request: HttpRequest, chat_id: str) -> HttpResponseBase:
    """One group as its members see it; the page keeps itself up to date."""
    return render(request, "channels/sandbox/chat.html", _shown(chat_id))


@require_GET
@never_cache
@only_in_sandbox
def chat_messages(request: HttpRequest, chat_id: str) -> HttpResponseBase:
    """The part of the page that changes."""
    return render(request, "channels/sandbox/messages.html", _shown(chat_id))


def _shown(chat_id: str) -> dict[str, Any]:
    chat = get_object_or_404(SandboxChat, chat_id=_number(chat_id))
    return {"chat": chat, "bubbles": bubbles(chat), "pinned": pinned(chat)}


def _number(text: str) -> int:
    """Return the id, or 404 for one that no database could hold."""
    number = int(text)
    if abs(number) >= 2**63:
        raise Http404
    return number


@require_GET
@only_in_sandbox
def message_file(request: HttpRequest, chat_id: str, message_id: int) -> HttpResponseBase:
    """The photo or document of a message that still stands."""
    chat = get_object_or_404(SandboxChat, chat_id=_number(chat_id))
    message = get_object_or_404(chat.messages.standing(), message_id=message_id)
    if not message.file:
        raise Http404
    response = FileResponse(message.file.open(), as_attachment=message.media != "photo")
    response["X-Content-Type-Options"] = "nosniff"
    return response
