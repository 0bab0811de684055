"""What Zalo's answers mean for a delivery, in words that say what to do.

Zalo answers 200 and says in ``error`` what went wrong. Codes: developers.zalo.me, official
account, appendix of error codes.
"""

import re
from collections.abc import Callable, Collection, Mapping
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

RATE_WAIT = timedelta(minutes=1)  # limits are counted by the minute; no figure is given
NOT_THERE = re.compile(r"not\s+(be\s+)?(found|exist)|does not exist|không tồn tại", re.IGNORECASE)


class StaleToken(PermanentError):
    """The access token does not count any more; another one may."""


class Processing(TemporaryError):
    """An article is being made ready and has no number yet."""


class Gone(PermanentError):
    """The article is not there."""


def understood(
    answer: HttpResponse, secrets: Collection[str], *, repeatable: bool
) -> dict[str, Any]:
    """Return what a yes says. Raises the ``DeliveryError`` of every other answer.

    ``repeatable``: the same again does no harm, so that a doubt only means "again".
    """
    status = answer.status
    if not 200 <= status < 300:
        raise _refused_by_status(answer, repeatable=repeatable)
    if is_page(answer):
        raise not_zalo(status)
    body = json_object(answer.body)
    code = body.get("error")
    if not isinstance(code, int) or isinstance(code, bool):
        raise doubt(repeatable=repeatable)
    if code:
        raise refusal(code, scrubbed(body.get("message"), secrets))
    data = body.get("data")
    return data if isinstance(data, dict) else {}


def _refused_by_status(answer: HttpResponse, *, repeatable: bool) -> DeliveryError:
    status = answer.status
    if status == 504:
        return doubt(repeatable=repeatable)
    if status == 429:
        return _wait(retry_after(answer) or RATE_WAIT)
    if status in {401, 403}:
        return bad_access()
    if status == 413:
        return too_large("Zalo")
    if status >= 500 or status in {408, 425}:
        return TemporaryError(_("Zalo's server cannot take it now (status %s).") % status)
    return not_zalo(status)


def not_zalo(status: int) -> PermanentError:
    """Zalo itself never saw the request: its interface answers in JSON and passes nobody on."""
    return PermanentError(
        _(
            "Something that is not Zalo answered (status %s), so nothing was sent: a proxy or "
            "a block page perhaps. Ask those who run the network, then start the channel again."
        )
        % status,
        stops_channel=True,
    )


def doubt(reason: str = "", *, repeatable: bool) -> DeliveryError:
    """Return the error of a request that may have been carried out."""
    said = reason or _("Zalo gave no answer that can be understood.")
    if repeatable:
        return TemporaryError(said)
    advice = _("Look at the official account or in the group whether it is there.")
    return UncertainError(f"{said} {advice}")


def bad_access() -> PermanentError:
    return PermanentError(
        _(
            "Zalo does not accept our access to the official account. Let an administrator of the "
            "account grant it again, enter the new refresh token in the channel's settings, then "
            "start the channel again."
        ),
        stops_channel=True,
    )


def refusal(code: int, words: str) -> DeliveryError:
    """Return what a code means. ``words`` are Zalo's own, without secrets."""
    if code in STALE:
        return StaleToken(str(bad_access()), stops_channel=True)
    if code == PROCESSING:
        return Processing(_("Zalo is still making the article ready."))
    if code in RATE:
        return _wait(RATE_WAIT)
    if code in PASSING:
        return TemporaryError(_("Zalo could not do it just now: %s") % words)
    if NOT_THERE.search(words) and code not in ACCOUNT:
        return Gone(_("Zalo does not find it: %s") % words)
    return _refused(code, words)


def _refused(code: int, words: str) -> PermanentError:
    for codes, advice in (*STOPPING.items(), *ITEM.items()):
        if code in codes:
            stops = codes in STOPPING
            return PermanentError(f"{advice()} ({words}, {code})", stops_channel=stops)
    return PermanentError(_("Zalo refused: %s") % f"{words} ({code})")


def _wait(time: timedelta) -> TemporaryError:
    return TemporaryError(_("Zalo asks to wait: too many requests."), retry_after=time)


def _app() -> str:
    return _(
        "Zalo does not accept the app: check its number, that it is switched on at "
        "developers.zalo.me, linked to the account and granted what it needs, then start the "
        "channel again."
    )


def _account() -> str:
    return _(
        "The official account cannot be used: it was removed, is not verified, or is not of the "
        "kind that may do this. Ask its administrator, then start the channel again."
    )


def _plan() -> str:
    return _(
        "The official account's plan does not include this. Let its administrator buy the plan "
        "or top up at oa.zalo.me, then start the channel again."
    )


def _quota() -> str:
    return _(
        "The official account has used up what its plan allows in this period. Wait for the new "
        "period or enlarge the plan at oa.zalo.me, then start the channel again."
    )


def _group() -> str:
    return _(
        "The group has run out or does not belong to the official account. Renew it at "
        "oa.zalo.me or choose another one, then start the channel again."
    )


def _old_interface() -> str:
    return _("Zalo no longer offers this way of sending: the system needs a newer version.")


def _content() -> str:
    return _("Zalo holds the text against its rules. Change it and publish again.")


def _form() -> str:
    return _("Zalo does not take the item in this form. Shorten the text and publish again.")


def _failed() -> str:
    return _(
        "Zalo could not make use of the item, most often because its picture is over 1 MB or "
        "cannot be fetched. Choose another picture and publish again."
    )


def _night() -> str:
    return _("Zalo takes no such messages between 22:00 and 6:00.")


STALE = {-124, -216, -220}
PROCESSING = -214
RATE = {-32, -218}
PASSING = {-100, -129}
ACCOUNT = frozenset({-204, -205, -221, -235})
Advice = Mapping[frozenset[int], Callable[[], str]]
STOPPING: Advice = {
    frozenset({-101, -102, -103, -104, -105, -120, -138, -209, -212, -219, -242}): _app,
    ACCOUNT: _account,
    frozenset({-135, -136, -137, -224, -320, -321}): _plan,
    frozenset({-144, -211, -223}): _quota,
    frozenset({-237, -238, -403}): _group,
    frozenset({-106, -240}): _old_interface,
}
ITEM: Advice = {
    frozenset({-248, -116}): _content,
    frozenset({-201, -210, -122, -130, -132, -233}): _form,
    frozenset({-200}): _failed,
    frozenset({-133, -234}): _night,
}
