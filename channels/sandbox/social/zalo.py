"""The calls of Zalo's official account API that the look-alike knows."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.core.files.base import ContentFile
from django.utils import timezone

from channels.sandbox.social.calls import Call, Refusal, picture_type
from channels.sandbox.social.models import SandboxAccount, SandboxPost, fresh_number

ACCESS_LIFE = timedelta(hours=25)
PICTURE_BYTES = 1_000_000
TITLE, DESCRIPTION, AUTHOR, TEXT = 150, 300, 50, 2000
INVALID = -201
PROCESSING = -214
NO_QUOTA = -211
NOT_OURS = -403


def entered(token: str) -> SandboxAccount:
    """Return the account of an access token. Raises ``Refusal``."""
    for account in SandboxAccount.objects.select_for_update().filter(service=SandboxAccount.ZALO):
        until = _ends(account).get(token)
        if token and until is not None:
            if until < timezone.now().timestamp():
                raise Refusal(-220, "access_token is expired or removed")
            return account
    raise Refusal(-216, "Access token is invalid")


def _ends(account: SandboxAccount) -> dict[str, float]:
    """Return when each access token of the account ends, in Unix time."""
    until = account.token_until.timestamp() if account.token_until else float("inf")
    return {**account.earlier, account.token: until}


def refresh(app_id: str, secret_key: str, grant: str, refresh_token: str) -> dict[str, str]:
    """Trade a refresh token, which works once, for a new pair. Raises ``Refusal``."""
    if grant != "refresh_token":
        raise Refusal(-14001, "Invalid grant type")
    accounts = SandboxAccount.objects.select_for_update().filter(service=SandboxAccount.ZALO)
    account = accounts.filter(app_id=app_id, refresh_token=refresh_token).first()
    if account is None or not refresh_token:
        raise Refusal(-14014, "Invalid refresh token")
    if account.app_secret != secret_key:
        raise Refusal(-14004, "Invalid secret key")
    now = timezone.now().timestamp()
    ends = {token: end for token, end in _ends(account).items() if token and end > now}
    account.earlier = {token: min(end, now + 86_400) for token, end in ends.items()}
    account.token, account.refresh_token = secrets.token_urlsafe(48), secrets.token_urlsafe(48)
    account.token_until = timezone.now() + ACCESS_LIFE
    account.save()
    return {
        "access_token": account.token,
        "refresh_token": account.refresh_token,
        "expires_in": str(int(ACCESS_LIFE.total_seconds())),
    }


# --- the account -------------------------------------------------------------------------------


def get_oa(call: Call) -> dict[str, Any]:
    followers = 1250
    return {"oa_id": call.account.number, "name": call.account.name, "num_follower": followers}


def get_groups(call: Call) -> dict[str, Any]:
    offset, count = call.number("offset", 0), call.number("count", 5)
    groups = [{"group_id": key, "name": name} for key, name in call.account.groups.items()]
    return {"total": len(groups), "groups": groups[offset : offset + count]}


# --- articles ----------------------------------------------------------------------------------


def create(call: Call) -> dict[str, Any]:
    """Take an article; its number is had by ``verify``."""
    post = SandboxPost(account=call.account, form=SandboxPost.ARTICLE)
    return {"token": _written(call, post).token}


def update(call: Call) -> dict[str, Any]:
    """Replace an article as a whole."""
    post = _article(call)
    post.edited_at = timezone.now()
    return {"token": _written(call, post).token}


def _written(call: Call, post: SandboxPost) -> SandboxPost:
    _check(call)
    cover = call.part("cover")
    post.title, post.text = call.text("title"), call.text("description")
    post.picture_address, post.content = str(cover.get("photo_url")), dict(call.values)
    post.link = f"{call.origin}/{call.account.number}/bai/{post.number}/"
    post.token = fresh_number()
    post.save()
    return post


def _check(call: Call) -> None:
    for name, limit in (("title", TITLE), ("description", DESCRIPTION), ("author", AUTHOR)):
        if not 0 < len(call.text(name)) < limit:
            raise Refusal(INVALID, f"{name} is invalid: {name} allow 1 to {limit} characters")
    if call.text("type") != "normal":
        raise Refusal(INVALID, "type is invalid")
    cover = call.part("cover")
    usable = urlsplit(str(cover.get("photo_url", ""))).scheme in {"http", "https"}
    if cover.get("cover_type") != "photo" or not usable:
        raise Refusal(INVALID, "cover photo_url is invalid")
    body = call.values.get("body")
    if not isinstance(body, list) or not all(isinstance(part, dict) for part in body) or not body:
        raise Refusal(INVALID, "body is invalid")
    if call.text("comment") not in {"show", "hide"}:
        raise Refusal(INVALID, "comment is invalid")


def verify(call: Call) -> dict[str, Any]:
    """Return the number of an article by the token of ``create`` or ``update``."""
    token = call.text("token")
    post = call.account.posts.filter(form=SandboxPost.ARTICLE, token=token).first()
    if post is None or not token:
        raise Refusal(INVALID, "token is invalid")
    return {"id": post.number}


def remove(call: Call) -> dict[str, Any]:
    post = _article(call)
    post.deleted_at = timezone.now()
    post.save(update_fields=["deleted_at"])
    return {"message": "Remove article success"}


def get_slice(call: Call) -> dict[str, Any]:
    limit, offset = call.number("limit", 10), call.number("offset", 0)
    if limit > 10:
        raise Refusal(INVALID, "limit is invalid: maximum limit is 10")
    articles = call.account.posts.standing().filter(form=SandboxPost.ARTICLE)
    medias = [
        {
            "id": post.number,
            "type": "normal",
            "title": post.title,
            "status": "show",
            "create_date": int(post.sent_at.timestamp() * 1000),
            "update_date": int((post.edited_at or post.sent_at).timestamp() * 1000),
            "thumb": post.picture_address,
            "link_view": post.link,
        }
        for post in articles[offset : offset + limit]
    ]
    return {"medias": medias, "total": articles.count()}


def get_detail(call: Call) -> dict[str, Any]:
    post = _article(call)
    return {**post.content, "id": post.number}


def _article(call: Call) -> SandboxPost:
    articles = call.account.posts.standing().filter(form=SandboxPost.ARTICLE)
    post = articles.filter(number=str(call.values.get("id"))).first()
    if post is None:
        raise Refusal(INVALID, "id is invalid: article does not exist")
    return post


# --- messages ----------------------------------------------------------------------------------


def broadcast(call: Call) -> dict[str, Any]:
    """Push an article to followers, as long as the plan allows."""
    target = call.part("recipient").get("target")
    element = _element(call)
    if not isinstance(target, dict) or element.get("media_type") != "article":
        raise Refusal(-240, "Message V2 API is no longer supported")
    found = call.account.posts.standing().filter(form=SandboxPost.ARTICLE)
    article = found.filter(number=str(element.get("attachment_id"))).first()
    if article is None:
        raise Refusal(INVALID, "attachment_id is invalid")
    if not call.account.broadcasts_left:
        raise Refusal(NO_QUOTA, "Out of quota")
    call.account.broadcasts_left -= 1
    call.account.save(update_fields=["broadcasts_left"])
    post = SandboxPost.objects.create(
        account=call.account,
        form=SandboxPost.BROADCAST,
        title=article.title,
        content={"target": target, "article": article.number},
        picture_address=article.picture_address,
        link=article.link,
    )
    return {"message_id": post.number}


def group_message(call: Call) -> dict[str, Any]:
    """Send text, perhaps with an uploaded picture, to a group."""
    group = str(call.part("recipient").get("group_id"))
    text = call.part("message").get("text")
    if group not in call.account.groups:
        raise Refusal(NOT_OURS, "Group does not belong to this OA")
    if not isinstance(text, str) or not 0 < len(text) <= TEXT:
        raise Refusal(-210, "text is over the limit of 2000 characters")
    post = SandboxPost(account=call.account, form=SandboxPost.GROUP, group=group, text=text)
    element = _element(call)
    if element:
        uploads = call.account.posts.filter(form=SandboxPost.UPLOAD)
        upload = uploads.filter(number=str(element.get("attachment_id"))).first()
        if upload is None or element.get("media_type") != "image":
            raise Refusal(INVALID, "attachment_id is invalid")
        post.picture = upload.picture.name
    post.save()
    sent = str(int(post.sent_at.timestamp() * 1000))
    return {"message_id": post.number, "group_id": group, "sent_time": sent}


def _element(call: Call) -> dict[str, Any]:
    """Return the first element of the attachment; an empty one without an attachment."""
    attachment = call.part("message").get("attachment")
    payload = attachment.get("payload") if isinstance(attachment, dict) else None
    elements = payload.get("elements") if isinstance(payload, dict) else None
    first = elements[0] if isinstance(elements, list) and elements else None
    return first if isinstance(first, dict) else {}


def upload_image(call: Call) -> dict[str, Any]:
    file = call.files.get("file")
    content = file.read() if file else b""
    if picture_type(content) not in {"JPEG", "PNG"}:
        raise Refusal(INVALID, "file is invalid: only jpg and png are supported")
    if len(content) > PICTURE_BYTES:
        raise Refusal(-210, "file is over the limit of 1MB")
    post = SandboxPost(account=call.account, form=SandboxPost.UPLOAD)
    suffix = picture_type(content).lower()
    post.picture.save(f"zalo-{post.number}.{suffix}", ContentFile(content), save=True)
    return {"attachment_id": post.number}


CALLS: dict[tuple[str, str], Callable[[Call], dict[str, Any]]] = {
    ("GET", "v2.0/oa/getoa"): get_oa,
    ("GET", "v3.0/oa/group/getgroupsofoa"): get_groups,
    ("POST", "v2.0/article/create"): create,
    ("POST", "v2.0/article/update"): update,
    ("POST", "v2.0/article/verify"): verify,
    ("POST", "v2.0/article/remove"): remove,
    ("GET", "v2.0/article/getslice"): get_slice,
    ("GET", "v2.0/article/getdetail"): get_detail,
    ("POST", "v2.0/oa/message"): broadcast,
    ("POST", "v3.0/oa/group/message"): group_message,
    ("POST", "v2.0/oa/upload/image"): upload_image,
}
