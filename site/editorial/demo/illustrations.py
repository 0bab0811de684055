"""Pictures of the demo: drawn here, because a demo must not carry other people's photographs."""

from django.core.files.base import ContentFile

from core.text import slugify
from editorial.demo.scenes import SCENES
from editorial.demo.texts import read
from media.models import Picture, Rights
from organisations.models import User
from portal.pictures import TEASER_FILTERS

CREDIT = "Nhịp Cầu (minh họa)"


def picture(name: str, owner: User) -> Picture:
    """Return the picture of the scene, drawn now unless it is in the library already."""
    words = read("pictures")[name]
    existing = Picture.objects.filter(title=words["title"], credit=CREDIT).order_by("pk").first()
    if existing:
        return existing
    file = ContentFile(SCENES[name]().jpeg(), name=f"{slugify(words['title'])}.jpg")
    drawn = Picture.objects.create(
        title=words["title"],
        description=words["alt"],
        credit=CREDIT,
        rights=Rights.OWN,
        file=file,
        uploaded_by_user=owner,
    )
    drawn.get_renditions(*TEASER_FILTERS)  # now, not while the first visitor waits
    return drawn
