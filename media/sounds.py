"""How long a recording is."""

import logging
import math
from typing import IO, BinaryIO, cast

from tinytag import TinyTag

logger = logging.getLogger(__name__)


def seconds_of(file: IO[bytes], name: str) -> float:
    """Return how many seconds the recording lasts; 0 when the file does not tell.

    Reads MP3, MPEG-4, Ogg, Opus, FLAC, WAV, AIFF and WMA. ``name`` is for its ending only. What
    somebody uploaded may be anything: a file that cannot be read has no length, and that is all.
    """
    try:
        found = TinyTag.get(name, file_obj=cast(BinaryIO, file), tags=False)
    except Exception:  # noqa: BLE001 - a foreign parser over foreign bytes
        logger.info("The length of a recording cannot be told", extra={"file": name})
        return 0.0
    length = found.duration or 0.0
    return length if math.isfinite(length) and length > 0 else 0.0
