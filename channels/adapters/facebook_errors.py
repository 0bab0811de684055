"""What Facebook's answers mean for a delivery, in words that say what to do.

Codes: developers.facebook.com/docs/graph-api/guides/error-handling.
"""

import json
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from channels.adapters.shared_answers import is_page, json_object, retry_after, scrubbed, too_large
from channels.contract import (
    DeliveryError,
    HttpResponse,
    PermanentError,
    TemporaryError,
    UncertainError,
)

TOKEN = {102, 190, 467}
ACCESS = {3, 10, 299, *range(200, 300)}
LIMITS = {4, 17, 32, 341, 613, 80001}
PASSING = {1, 2, 1609005}  # out of order, or the link could not be read just now
BLOCKED = 368
DUPLICATE = 506
PARAMETER = 100
NOT_THERE = 33  # subcode of 100
UNKNOWN_NAME = 803
DEFAULT_WAIT = timedelta(minutes=15)  # limits are counted over an hour; no figure was given


class Gone(PermanentError):
    """The post is not there, or no longer ours."""


class Duplicate(PermanentError):
    """The same text was posted just before: perhaps by ourselves, without an answer."""


def understood(
    answer: HttpResponse, secrets: Collection[str], *, repeatable: bool
) -> dict[str, Any]:
    """Return the JSON object of a yes. Raises the ``DeliveryError`` of every other answer.

    ``repeatable``: the same again does no harm, so that a doubt only means "again".
    """
    body = json_object(answer.body)
    error = body.get("error")
    if isinstance(error, dict) and isinstance(error.get("code"), int):
        raise refusal(error, answer, secrets)
    if 200 <= answer.status < 300:
        if is_page(answer):
            raise not_facebook(answer.status)
        if not body:
            raise doubt(repeatable=repeatable)
        return body
    raise _foreign(answer, repeatable=repeatable)


def _foreign(answer: HttpResponse, *, repeatable: bool) -> DeliveryError:
    """An answer without Facebook's own words: from a gateway, or from something else."""
    status = answer.status
    if status == 504:
        return doubt(repeatable=repeatable)
    if status == 429:
        return _wait(answer)
    if status == 413:
        return too_large("Facebook")
    if status >= 500 or status in {408, 425}:
        return TemporaryError(_("Facebook's server cannot take the post now (status %s).") % status)
    return not_facebook(status)


def not_facebook(status: int) -> PermanentError:
    """Facebook itself never saw the request: its interface answers in JSON and passes nobody on."""
    return PermanentError(
        _(
            "Something that is not Facebook answered (status %s), so nothing was sent: a proxy or "
            "a block page perhaps. Ask those who run the network, then start the channel again."
        )
        % status,
        stops_channel=True,
    )


def doubt(reason: str = "", *, repeatable: bool) -> DeliveryError:
    """Return the error of a request that may have been carried out."""
    said = reason or _("Facebook gave no answer that can be understood.")
    if repeatable:
        return TemporaryError(said)
    advice = _("Look at the page whether the post is there before sending it again.")
    return UncertainError(f"{said} {advice}")


def refusal(error: dict[str, Any], answer: HttpResponse, secrets: Collection[str]) -> DeliveryError:
    """Return what Facebook's own error object means."""
    code, subcode = error["code"], error.get("error_subcode")
    words = scrubbed(error.get("error_user_msg") or error.get("message"), secrets)
    if code in TOKEN:
        return PermanentError(_token_words(subcode), stops_channel=True)
    if code in LIMITS or answer.status == 429:
        return _wait(answer)
    if code in PASSING or error.get("is_transient") is True:
        return TemporaryError(_("Facebook is out of order just now: %s") % words)
    if code == PARAMETER and subcode == NOT_THERE:
        return Gone(_("The post is no longer on the page: somebody deleted it."))
    if code == DUPLICATE:
        return Duplicate(
            _(
                "Facebook refuses it because the same text was posted just before. Look at the "
                "page: if the post is there, confirm that it arrived; else change the text."
            )
        )
    return _refused(code, words)


def _refused(code: int, words: str) -> PermanentError:
    stopping = _stopping(code)
    if code == PARAMETER and "appsecret_proof" in words:
        stopping = _(
            "Facebook wants requests signed with the app secret, or ours is wrong. Enter it in the "
            "channel's settings, then start the channel again."
        )
    if stopping:
        return PermanentError(stopping, stops_channel=True)
    return PermanentError(_("Facebook refused the post: %s") % f"{words} ({code})")


def _token_words(subcode: object) -> str:
    why = {
        458: _("The app was removed from the page."),
        459: _("Facebook wants the administrator of the page to log in and confirm who they are."),
        460: _("The administrator changed the password, which ended the access."),
        463: _("The page's access token has run out."),
        464: _("Facebook wants the administrator of the page to log in and confirm who they are."),
        467: _("The page's access token is no longer valid."),
        492: _("The person who gave the access is no longer an administrator of the page."),
    }.get(subcode if isinstance(subcode, int) else 0)
    first = why or _("Facebook does not accept the page's access token.")
    advice = _(
        "Let an administrator of the page make a new one, enter it in the channel's settings, then "
        "start the channel again."
    )
    return f"{first} {advice}"


def _stopping(code: int) -> str:
    """Return what to do about an error that every post will meet; "" for other errors."""
    if code in ACCESS:
        return _(
            "The app lacks the right to post on this page (pages_manage_posts, "
            "pages_read_engagement). Let an administrator of the page grant it, then start the "
            "channel again."
        )
    if code == BLOCKED:
        return _(
            "Facebook has blocked posting for a while because it takes the posts for spam or "
            "against its rules. Look at the page's quality page, wait until the block is over, "
            "then start the channel again."
        )
    if code == UNKNOWN_NAME:
        return _(
            "Facebook does not know this page. Check the page's number in the channel's settings."
        )
    return ""


def _wait(answer: HttpResponse) -> TemporaryError:
    wait = retry_after(answer) or _regained(answer) or DEFAULT_WAIT
    return TemporaryError(
        _("Facebook asks to wait: too many posts and requests."), retry_after=wait
    )


def _regained(answer: HttpResponse) -> timedelta | None:
    """Return when access is regained: minutes in ``X-Business-Use-Case-Usage``, by business."""
    try:
        usage = json.loads(answer.headers.get("x-business-use-case-usage", "{}"))
        minutes = [
            use.get("estimated_time_to_regain_access", 0) for uses in usage.values() for use in uses
        ]
        longest = max(map(int, minutes), default=0)
    except (ValueError, AttributeError, TypeError, RecursionError):
        return None
    return timedelta(minutes=longest) if 0 < longest <= 7 * 24 * 60 else None
