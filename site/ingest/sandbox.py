"""Feeds and pictures of made-up agencies, for the demo. 404 unless the sandbox is on."""

from datetime import timedelta
from io import BytesIO

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.html import format_html, format_html_join
from PIL import Image, ImageDraw

from ingest.demo import feeds

PICTURE = "quay.png"


def feed(request: HttpRequest, name: str) -> HttpResponse:
    """Return a feed as RSS, with dates that stay fresh."""
    if not settings.SANDBOX or name not in feeds():
        raise Http404
    known = feeds()[name]
    root = request.build_absolute_uri("/sandbox/feeds/")
    written = Rss201rev2Feed(
        title=known["title"], link=root, description=known["title"], language="vi"
    )
    today = timezone.now().replace(minute=0, second=0, microsecond=0)
    for entry in known["entry"]:
        html = format_html_join("", "<p>{}</p>", ((text,) for text in entry["text"]))
        if entry.get("picture"):
            html += format_html('<p><img src="{}{}" alt="Quầy tiếp nhận"></p>', root, PICTURE)
        link = request.build_absolute_uri(entry.get("link_to", f"{root}#!{entry['key']}"))
        written.add_item(
            title=entry["title"],
            link=link,
            description=html,
            unique_id=f"{name}:{entry['key']}",
            unique_id_is_permalink=False,
            pubdate=today - timedelta(hours=entry["hours_ago"]),
        )
    return HttpResponse(written.writeString("utf-8"), content_type=written.content_type)


def picture(request: HttpRequest) -> HttpResponse:
    """Return a drawing of a counter."""
    if not settings.SANDBOX:
        raise Http404
    image = Image.new("RGB", (960, 600), "#dfe7ee")
    pencil = ImageDraw.Draw(image)
    pencil.rectangle((0, 400, 960, 600), fill="#8a5a33")
    pencil.rectangle((120, 300, 840, 420), fill="#b98553")
    for left in (200, 440, 680):
        pencil.ellipse((left, 150, left + 90, 240), fill="#e8c39e")
        pencil.rectangle((left - 15, 240, left + 105, 300), fill="#2f5d8a")
    stored = BytesIO()
    image.save(stored, "PNG")
    return HttpResponse(stored.getvalue(), content_type="image/png")


urlpatterns = [path("<slug:name>.xml", feed), path(PICTURE, picture)]
