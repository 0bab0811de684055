"""What Telegram's refusals mean for a delivery, in words that say what to do."""

import hashlib
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

from channels.adapters.shared_answers import too_large
from channels.adapters.telegram_transport import (
    AnswerUnknown,
    NotDone,
    NotProcessed,
    RequestBarred,
    RequestNotSent,
    TooLarge,
)
from channels.contract import DeliveryError, PermanentError, TemporaryError, UncertainError

TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{20,100}")
# What the Bot API says, in lower case and without the prefix "Bad Request: ".
NO_CHAT = re.compile(r"chat not found|peer_id_invalid|chat_id is empty")
NO_RIGHT = re.compile(
    r"not enough rights|have no rights|need administrator rights|chat_write_forbidden"
    r"|chat_admin_required|chat_restricted|chat_send_\w+_forbidden"
)
NO_THREAD = re.compile(r"message thread not found|topic_deleted|topic_id_invalid")
CLOSED_THREAD = re.compile(r"topic_closed")
BAD_PICTURE = re.compile(
    r"photo_invalid|image_process_failed|wrong file|wrong type of the web page content"
    r"|photo_\w+_invalid|too large|too big|file must be non-empty|failed to get http url"
)
TOO_LONG = re.compile(r"too long")
UNCHANGED = re.compile(r"message is not modified")
GONE = re.compile(
    r"message to (edit|delete|be deleted|pin|unpin) not found|message_id_invalid|message not found"
)
FIXED = re.compile(r"message can't be (edited|deleted)|message_(delete|edit)_\w+")


class LacksRight(PermanentError):
    """The bot may not do this in the chat."""


def says(error: BaseException, pattern: re.Pattern[str]) -> bool:
    """Whether Telegram refused a request in these words."""
    return isinstance(error, BadRequest) and bool(pattern.search(error.message.lower()))


def bot_rate(secret: str) -> str:
    """Return the key of the rate that all channels of a bot share; the token cannot be read."""
    return f"telegram:{hashlib.sha256(secret.encode()).hexdigest()[:16]}"


@contextmanager
def explained(secret: str, *, repeatable: bool = False, one_topic: bool = False) -> Iterator[None]:
    """Turn the library's errors into those of the contract.

    ``repeatable``: doing it twice does no harm, so a missing answer only means "again".
    ``one_topic``: other items of the channel go to other topics, so a closed one stops nothing.
    ``ChatMigrated`` passes: callers follow it.
    """
    try:
        yield
    except ChatMigrated:
        raise
    except TelegramError as error:
        # ``from None``: the library's errors quote answers, which may quote the address.
        raise meaning(error, secret, repeatable=repeatable, one_topic=one_topic) from None


def meaning(
    error: TelegramError, secret: str, *, repeatable: bool, one_topic: bool = False
) -> DeliveryError:
    """Return the delivery error. The order matters: most are kinds of ``NetworkError``."""
    match error:
        case RetryAfter():
            return _wait(error, bot_rate(secret))
        case Forbidden():
            return _removed()
        case InvalidToken():
            return _bad_token()
        case BadRequest():
            return _in_topic(error, one_topic=one_topic) or _refused(error, secret)
        case NotDone() | AnswerUnknown():
            return _lost(error, repeatable=repeatable)
    # Whatever else the server answered, in the Bot API's own form: it did not do it.
    return PermanentError(_("Telegram refused: %s") % scrubbed(error.message, secret))


def _lost(error: NotDone | AnswerUnknown, *, repeatable: bool) -> DeliveryError:
    """Telegram itself did not answer."""
    match error:
        case AnswerUnknown():
            return _unknown(repeatable=repeatable)
        case RequestNotSent():
            return TemporaryError(_("Telegram cannot be reached. %s") % error.message)
        case NotProcessed():
            return TemporaryError(
                _("Telegram's server could not take the message (status %s).") % error.message
            )
        case RequestBarred():
            return PermanentError(error.message, stops_channel=True)
        case TooLarge():
            return too_large("Telegram")
    # Its interface answers in JSON and passes nobody on.
    return PermanentError(
        _(
            "Something that is not Telegram answered (status %s), so nothing was sent: the network "
            "may block Telegram. Ask those who run the network, then start the channel again."
        )
        % error.message,
        stops_channel=True,
    )


def _unknown(*, repeatable: bool) -> DeliveryError:
    if repeatable:
        return TemporaryError(_("Telegram gave no answer."))
    return UncertainError(
        _("Telegram gave no answer. Look in the group whether the message arrived.")
    )


def _wait(error: RetryAfter, pace: str) -> TemporaryError:
    """Telegram does not say which limit it was: nothing of the bot leaves meanwhile."""
    wait = error.retry_after
    wait = wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
    seconds = int(wait.total_seconds())
    return TemporaryError(
        _("Telegram asks to wait %(seconds)s seconds.") % {"seconds": seconds},
        retry_after=wait,
        pace=pace,
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


def _in_topic(error: BadRequest, *, one_topic: bool) -> PermanentError | None:
    if says(error, CLOSED_THREAD):
        words = _(
            "The topic of the group is closed. Let a group administrator open it again, make the "
            "bot an administrator, or choose another topic in the channel's settings."
        )
    elif says(error, NO_THREAD):
        words = _(
            "The topic of the group does not exist any more. Choose another one in the channel's "
            "settings."
        )
    else:
        return None
    return PermanentError(words, stops_channel=not one_topic)


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
        return LacksRight(
            _("The bot lacks the right to post in this group. Ask a group administrator for it."),
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
