"""What Telegram takes as a photo."""

import mimetypes
import warnings
from io import BytesIO

from PIL import Image

from channels.sandbox.answers import ApiError, bad_request

MAX_BYTES = 10 * 1024 * 1024
MAX_SIDES = 10_000
MAX_RATIO = 20


def measured(content: bytes) -> tuple[int, int]:
    """Return width and height in pixels. Raises ``ApiError`` as Telegram would."""
    if len(content) > MAX_BYTES:
        raise ApiError(413, "Request Entity Too Large")
    with warnings.catch_warnings():
        # Only the header is read here, whatever size it claims.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            width, height = _size(content)
        except (OSError, Image.DecompressionBombError, ValueError, SyntaxError):
            raise bad_request("IMAGE_PROCESS_FAILED") from None
    if width + height > MAX_SIDES or max(width, height) > MAX_RATIO * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height


def _size(content: bytes) -> tuple[int, int]:
    with Image.open(BytesIO(content)) as image:
        return image.size


def suffix(mime: str) -> str:
    """Return a file name's ending for a media type; nothing for one that could be run."""
    return (mimetypes.guess_extension(mime) or "") if mime.startswith("image/") else ""
