"""The calls of the Graph API about pages that the look-alike knows."""

import hashlib
import hmac
import secrets
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from channels.sandbox.social.calls import Call, Refusal, picture_type
from channels.sandbox.social.models import SandboxAccount, SandboxPost

TEXT = 63_206
PHOTO_BYTES = 4 * 1024 * 1024
PHOTO_TYPES = {"JPEG", "PNG", "GIF", "BMP", "TIFF"}


def refusal(code: int, message: str, subcode: int = 0) -> Refusal:
    return Refusal(code, message, subcode=subcode, status=400)


def not_there(number: str) -> Refusal:
    return refusal(
        100,
        f"Unsupported request. Object with ID '{number}' does not exist, cannot be loaded due to "
        "missing permissions, or does not support this operation.",
        33,
    )


def entered(token: str, proof: str) -> SandboxAccount:
    """Return the page of an access token. Raises ``Refusal``."""
    pages = SandboxAccount.objects.select_for_update().filter(service=SandboxAccount.FACEBOOK)
    page = pages.filter(token=token).first() if token else None
    if page is None:
        raise refusal(190, "Invalid OAuth access token - Cannot parse access token")
    if page.token_until and page.token_until < timezone.now():
        raise refusal(190, "Error validating access token: Session has expired", 463)
    if page.app_secret:
        made = hmac.new(page.app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
        if not proof:
            raise refusal(100, "API calls from the server require an appsecret_proof argument")
        if not hmac.compare_digest(made, proof):
            raise refusal(100, "Invalid appsecret_proof provided in the API argument")
    return page


def answered(call: Call) -> dict[str, Any]:
    """Carry out a call and return its result. Raises ``Refusal``."""
    target, _slash, edge = call.path.partition("/")
    if target == call.account.number:
        match call.method, edge:
            case "GET", "":
                return {"id": call.account.number, "name": call.account.name}
            case "GET", "published_posts":
                return {"data": _listed(call)}
            case "POST", "feed":
                return {"id": _posted(call, call.text("message")).number}
            case "POST", "photos":
                return _photo(call)
    elif not edge and "_" in target:
        return _on_post(call, target)
    raise not_there(target)


def _on_post(call: Call, number: str) -> dict[str, Any]:
    post = call.account.posts.standing().filter(number=number).first()
    if post is None:
        raise not_there(number)
    if call.method == "GET":
        return _described(post)
    if call.method == "DELETE":
        post.deleted_at = timezone.now()
    else:
        post.text, post.edited_at = _text(call.text("message")), timezone.now()
    post.save()
    return {"success": True}


def _listed(call: Call) -> list[dict[str, Any]]:
    limit = min(call.number("limit", 25), 100)
    return [_described(post) for post in call.account.posts.standing()[:limit]]


def _described(post: SandboxPost) -> dict[str, Any]:
    return {
        "id": post.number,
        "message": post.text,
        "permalink_url": post.content["permalink"],
        "created_time": f"{post.sent_at:%Y-%m-%dT%H:%M:%S+0000}",
    }


def _photo(call: Call) -> dict[str, Any]:
    file = call.files.get("source")
    content = file.read() if file else b""
    if picture_type(content) not in PHOTO_TYPES or len(content) > PHOTO_BYTES:
        raise refusal(324, "Missing or invalid image file")
    post = _posted(call, call.text("caption"))
    suffix = picture_type(content).lower()
    post.picture.save(f"facebook-{post.number}.{suffix}", ContentFile(content), save=True)
    return {"id": post.number.partition("_")[2], "post_id": post.number}


def _posted(call: Call, message: str) -> SandboxPost:
    text = _text(message)
    last = call.account.posts.standing().first()
    if last is not None and last.text == text:
        raise refusal(506, "Duplicate status message")
    number = f"{call.account.number}_{secrets.randbelow(10**15) + 10**15}"
    return SandboxPost.objects.create(
        account=call.account,
        form=SandboxPost.POST,
        number=number,
        text=text,
        link=call.text("link"),
        content={"permalink": f"{call.origin}/{call.account.number}/#{number}"},
    )


def _text(message: str) -> str:
    if not message.strip() or len(message) > TEXT:
        raise refusal(100, "(#100) The message is empty or too long")
    return message.strip()
