"""What Telegram's refusals mean for a delivery, in words that say what to do."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.utils.translation import gettext as _
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from channels.adapters.telegram_transport import AnswerUnknown, NotProcessed, RequestNotSent
from channels.contract import DeliveryError, PermanentError, TemporaryError, UncertainError

# What the Bot API says, in lower case and without the prefix "Bad Request: ".
NO_CHAT = re.compile(r"chat not found|peer_id_invalid|chat_id is empty")
NO_RIGHT = re.compile(
    r"not enough rights|have no rights|need administrator rights|chat_write_forbidden"
    r"|chat_admin_required|chat_restricted|chat_send_\w+_forbidden"
)
NO_THREAD = re.compile(r"message thread not found|topic_closed|topic_deleted")
BAD_PICTURE = re.compile(
    r"photo_invalid|image_process_failed|wrong file|wrong type of the web page content"
    r"|photo_\w+_invalid|too large|too big|file must be non-empty|failed to get http url"
)
TOO_LONG = re.compile(r"too long")
UNCHANGED = re.compile(r"message is not modified")
GONE = re.compile(
    r"message to (edit|delete|be deleted) not found|message_id_invalid|message not found"
)
FIXED = re.compile(r"message can't be (edited|deleted)|message_delete_forbidden")


def says(error: BaseException, pattern: re.Pattern[str]) -> bool:
    """Whether Telegram refused a request in these words."""
    return isinstance(error, BadRequest) and bool(pattern.search(error.message.lower()))


@contextmanager
def explained(secret: str, *, repeatable: bool = False) -> Iterator[None]:
    """Turn the library's errors into those of the contract.

    ``repeatable``: doing it twice does no harm, so a missing answer only means "again".
    ``ChatMigrated`` passes: callers follow it.
    """
    try:
        yield
    except ChatMigrated:
        raise
    except TelegramError as error:
        # ``from None``: the library's errors quote answers, which may quote the address.
        raise meaning(error, secret, repeatable=repeatable) from None


def meaning(error: TelegramError, secret: str, *, repeatable: bool) -> DeliveryError:
    """Return the delivery error. The order matters: most are kinds of ``NetworkError``."""
    match error:
        case RetryAfter():
            return _wait(error)
        case Forbidden():
            return _removed()
        case InvalidToken():
            return _bad_token()
        case BadRequest():
            return _refused(error, secret)
        case RequestNotSent() | NotProcessed() | AnswerUnknown():
            return _lost(error, repeatable=repeatable)
    # Whatever else the server answered, in the Bot API's own form: it did not do it.
    return PermanentError(_("Telegram refused: %s") % scrubbed(error.message, secret))


def _lost(
    error: RequestNotSent | NotProcessed | AnswerUnknown, *, repeatable: bool
) -> DeliveryError:
    match error:
        case RequestNotSent():
            return TemporaryError(_("Telegram cannot be reached. %s") % error.message)
        case NotProcessed():
            return TemporaryError(
                _("Telegram's server could not take the message (status %s).") % error.message
            )
    if repeatable:
        return TemporaryError(_("Telegram gave no answer."))
    return UncertainError(
        _("Telegram gave no answer. Look in the group whether the message arrived.")
    )


def _wait(error: RetryAfter) -> TemporaryError:
    wait = error.retry_after
    wait = wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
    seconds = int(wait.total_seconds())
    return TemporaryError(
        _("Telegram asks to wait %(seconds)s seconds.") % {"seconds": seconds}, retry_after=wait
    )


def _removed() -> PermanentError:
    return PermanentError(
        _(
            "The bot may no longer post here: it was removed from the group or blocked. Add it to "
            "the group again with the right to post, then start the channel again."
        ),
        stops_channel=True,
    )


def _bad_token() -> PermanentError:
    return PermanentError(
        _(
            "Telegram does not know this bot token. Get the token from @BotFather, enter it in the "
            "channel's settings, then start the channel again."
        ),
        stops_channel=True,
    )


def _refused(error: BadRequest, secret: str) -> PermanentError:
    if says(error, NO_CHAT):
        return PermanentError(
            _(
                "Telegram does not know this group. Check the group's id in the channel's settings "
                "and that the bot is a member of the group."
            ),
            stops_channel=True,
        )
    if says(error, NO_RIGHT):
        return PermanentError(
            _("The bot lacks the right to post in this group. Ask a group administrator for it."),
            stops_channel=True,
        )
    if says(error, NO_THREAD):
        return PermanentError(
            _("The topic is closed or does not exist. Check it in the channel's settings."),
            stops_channel=True,
        )
    if says(error, BAD_PICTURE):
        return PermanentError(
            _("Telegram did not accept the picture. Choose another one and publish again.")
        )
    if says(error, TOO_LONG):
        return PermanentError(_("The message is too long for Telegram. Shorten the text."))
    return PermanentError(_("Telegram refused: %s") % scrubbed(error.message, secret))


def scrubbed(words: str, secret: str) -> str:
    """Return what a server said, shortened, without the secret it may have repeated."""
    kept = words
    for part in {secret, secret.partition(":")[2]} - {""}:
        kept = kept.replace(part, "•••")
    return kept[:200]
