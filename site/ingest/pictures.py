"""Pictures of adopted items: fetched over the guarded client, checked like uploads, kept once."""

import asyncio
import logging
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from asgiref.sync import async_to_sync
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from core.http import Client, HttpFailure
from core.text import slugify
from ingest import retrieving
from media.forms import PictureField
from media.models import Picture
from organisations.models import User

MOST = 10  # of one item
MAX_BYTES = 10 * 1024 * 1024
SECONDS = 20.0  # for all of them together, while a person waits
ENDINGS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif", "AVIF": "avif"}
SMALLEST = 100  # pixels: what is smaller is an ornament or a counter

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Haul:
    """The pictures that came, as files by address, and why others did not."""

    files: dict[str, SimpleUploadedFile]
    warnings: tuple[str, ...] = ()


def fetch(addresses: list[str], http: Client | None = None) -> Haul:
    """Fetch pictures, as many at once. One that fails is named in the warnings."""
    wanted = list(dict.fromkeys(addresses))
    bodies = async_to_sync(_fetch_all)(wanted[:MOST], http or retrieving.client())
    files: dict[str, SimpleUploadedFile] = {}
    warnings = []
    for link, body in bodies.items():
        try:
            file = checked(body, link)
        except ValidationError as error:
            warnings.append(f"{link}: {' '.join(error.messages)}")
        else:
            if file is not None:
                files[link] = file
    if len(wanted) > MOST:
        warnings.append(
            _("The item has more than %(most)d pictures; the others were left out.")
            % {"most": MOST}
        )
    return Haul(files, tuple(warnings))


async def _fetch_all(addresses: list[str], http: Client) -> dict[str, bytes]:
    bodies = await asyncio.gather(*(_fetch(link, http) for link in addresses))
    return dict(zip(addresses, bodies, strict=True))


async def _fetch(link: str, http: Client) -> bytes:
    try:
        answer = await http.request(
            "GET",
            link,
            headers={"User-Agent": retrieving.user_agent(), "Accept": "image/*"},
            timeout=SECONDS,
            max_bytes=MAX_BYTES,
            follow_redirects=True,
        )
    except HttpFailure as failure:
        logger.info("A picture of an adopted item could not be fetched: %s", failure.reason)
        return b""
    return answer.body if answer.status == 200 else b""


def checked(body: bytes, link: str) -> SimpleUploadedFile | None:
    """Return the picture as an upload; None for an ornament. Raises ``ValidationError``."""
    if not body:
        raise ValidationError(_("This picture could not be fetched."))
    try:
        with Image.open(BytesIO(body)) as image:
            kind, size = image.format or "", image.size
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise ValidationError(_("This is not a picture, or it is damaged.")) from error
    if min(size) < SMALLEST:
        return None
    stem = slugify(PurePosixPath(urlsplit(link).path).stem, limit=60) or "anh"
    name = f"{stem}.{ENDINGS.get(kind, kind.lower())}"
    file = SimpleUploadedFile(name, body, content_type=f"image/{kind.lower()}")
    PictureField().clean(file)
    file.seek(0)
    return file


def keep(file: SimpleUploadedFile, *, title: str, alt: str, credit: str, user: User) -> Picture:
    """Save a picture in the library and return it."""
    picture = Picture(
        title=title[:255], description=alt[:255], credit=credit[:200], uploaded_by_user=user
    )
    picture.file.save(file.name, file, save=False)
    picture.file_size = file.size
    picture.width, picture.height = _size(file)
    picture.save()
    return picture


def _size(file: SimpleUploadedFile) -> tuple[int, int]:
    file.seek(0)
    with Image.open(file) as image:
        return image.size
