"""The look-alikes over HTTP: their interfaces, remote control, and pages as people see them."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from channels.sandbox.social import facebook, zalo
from channels.sandbox.social.calls import Call, Refusal, files_of, values_of
from channels.sandbox.social.faults import RENEWAL, Order, apply_order, take
from channels.sandbox.social.models import SandboxAccount, SandboxPost
from channels.sandbox.views import Outcome, answered, only_in_sandbox

FOREIGN = {"bad_gateway", "html"}
SHOWN = 50


def zalo_body(refusal: Refusal) -> dict[str, Any]:
    """Return a refusal as Zalo words it."""
    return {"error": refusal.code, "message": refusal.message}


def facebook_body(refusal: Refusal) -> dict[str, Any]:
    """Return a refusal as the Graph API words it."""
    error: dict[str, Any] = {
        "message": refusal.message,
        "type": "OAuthException",
        "code": refusal.code,
        "fbtrace_id": "sandbox",
    }
    return {"error": error | ({"error_subcode": refusal.subcode} if refusal.subcode else {})}


@csrf_exempt
@never_cache
@only_in_sandbox
def zalo_api(request: HttpRequest, path: str) -> HttpResponseBase:
    """Answer one call of the official account API."""

    def enter(values: dict[str, Any]) -> SandboxAccount:
        return zalo.entered(str(request.META.get("HTTP_ACCESS_TOKEN", "")))

    def act(call: Call) -> dict[str, Any]:
        known = zalo.CALLS.get((call.method, call.path))
        if known is None:
            raise Refusal(-106, "Method unsupported")
        return {"error": 0, "message": "Success", "data": known(call)}

    return _spoken(request, path, enter, act, zalo_body, "/sandbox/zalo")


@csrf_exempt
@never_cache
@only_in_sandbox
def facebook_api(request: HttpRequest, path: str) -> HttpResponseBase:
    """Answer one call of the Graph API."""

    def enter(values: dict[str, Any]) -> SandboxAccount:
        bearer = request.headers.get("Authorization", "").partition("Bearer ")[2]
        token = bearer or str(values.get("access_token", ""))
        return facebook.entered(token, str(values.get("appsecret_proof", "")))

    return _spoken(request, path, enter, facebook.answered, facebook_body, "/sandbox/facebook")


def _spoken(
    request: HttpRequest,
    path: str,
    enter: Callable[[dict[str, Any]], SandboxAccount],
    act: Callable[[Call], dict[str, Any]],
    body: Callable[[Refusal], dict[str, Any]],
    place: str,
) -> HttpResponseBase:
    headers: dict[str, str] = {}
    try:
        with transaction.atomic():
            outcome = _performed(request, path, enter, act, body, place, headers)
    except (Refusal, ValueError) as error:
        refusal = error if isinstance(error, Refusal) else Refusal(-122, "Body is no JSON")
        outcome = Outcome(refusal.status, body(refusal))
    answer = answered(outcome)
    for name, value in headers.items():
        answer[name] = value
    # Refusals are wanted here, and Django would log each of them.
    answer._has_been_logged = True  # type: ignore[attr-defined]
    return answer


def _performed(
    request: HttpRequest,
    path: str,
    enter: Callable[[dict[str, Any]], SandboxAccount],
    act: Callable[[Call], dict[str, Any]],
    body: Callable[[Refusal], dict[str, Any]],
    place: str,
    headers: dict[str, str],
) -> Outcome:
    """Carry out a call, or the fault that is next."""
    values = values_of(request)
    account = enter(values)
    fault = take(account, path)
    if fault.get("fault") == "expire":
        account.token_until = timezone.now()
        account.save(update_fields=["token_until"])
        return Outcome(200, body(Refusal(-216, "Access token is invalid")))
    if fault.get("fault") == "error":
        headers |= fault.get("headers", {})
        refusal = Refusal(
            int(fault.get("code", -100)),
            str(fault.get("message", "Unknown error")),
            subcode=int(fault.get("subcode", 0)),
        )
        status = 400 if account.service == SandboxAccount.FACEBOOK else 200
        return Outcome(status, body(refusal))
    if fault.get("fault") in FOREIGN:
        return Outcome(0, {}, fault)
    origin = f"{request.scheme}://{request.get_host()}{place}"
    call = Call(account, str(request.method), path, origin, values, files_of(request))
    return Outcome(200, act(call), fault)


@csrf_exempt
@never_cache
@only_in_sandbox
@require_POST
def zalo_oauth(request: HttpRequest) -> HttpResponseBase:
    """Trade a refresh token for a new pair."""
    secret_key = str(request.META.get("HTTP_SECRET_KEY", ""))
    given = [request.POST.get(name, "") for name in ("app_id", "grant_type", "refresh_token")]
    try:
        with transaction.atomic():
            account = SandboxAccount.objects.filter(app_id=given[0]).first()
            fault = take(account, RENEWAL) if account else {}
            outcome = Outcome(200, zalo.refresh(given[0], secret_key, given[1], given[2]), fault)
    except Refusal as error:
        outcome = Outcome(
            200,
            {
                "error": error.code,
                "error_name": error.message,
                "error_description": error.message,
            },
        )
    return answered(outcome)


@csrf_exempt
@never_cache
@only_in_sandbox
@require_POST
def social_control(request: HttpRequest) -> HttpResponseBase:
    """Order faults and quotas for a test or rehearsal."""
    try:
        account = apply_order(Order.model_validate_json(request.body))
    except SandboxAccount.DoesNotExist:
        return JsonResponse({"error": "no such account"}, status=404)
    except ValueError as error:
        return JsonResponse({"error": str(error)}, status=400)
    return JsonResponse({"number": account.number, "faults": account.faults})


# --- what people see ---------------------------------------------------------------------------


@require_GET
@never_cache
@only_in_sandbox
def accounts(request: HttpRequest, service: str) -> HttpResponseBase:
    """Every account or page of a service."""
    found = SandboxAccount.objects.filter(service=service)
    context = {"service": service, "accounts": found}
    return render(request, "channels/sandbox/social/list.html", context)


@require_GET
@never_cache
@only_in_sandbox
def wall(request: HttpRequest, service: str, number: str, group: str = "") -> HttpResponseBase:
    """What followers or readers see; with ``group`` what its members see."""
    account = get_object_or_404(SandboxAccount, service=service, number=number)
    posts = account.posts.standing().filter(group=group)[:SHOWN]
    context = {
        "service": service,
        "account": account,
        "group": account.groups.get(group, ""),
        "groups": [] if group else list(account.groups.items()),
        "posts": posts,
    }
    return render(request, "channels/sandbox/social/wall.html", context)


@require_GET
@never_cache
@only_in_sandbox
def article(request: HttpRequest, number: str, article: str) -> HttpResponseBase:
    """One Zalo article in full."""
    account = get_object_or_404(SandboxAccount, service=SandboxAccount.ZALO, number=number)
    found = account.posts.standing().filter(form=SandboxPost.ARTICLE, number=article)
    post = get_object_or_404(found)
    paragraphs = [part.get("content", "") for part in post.content.get("body", [])]
    context = {"account": account, "post": post, "paragraphs": paragraphs}
    return render(request, "channels/sandbox/social/article.html", context)
