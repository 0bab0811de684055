"""Addresses, in the order of design: ours, the admin, then the pages."""

from django.conf import settings
from django.conf.urls.static import static
from django.urls import URLPattern, URLResolver, include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from channels import callbacks
from channels.calling.views import acknowledge
from channels.watching import views as watching
from channels.watching.answering import arrived
from core import health, metrics
from media import private

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", include(wagtailadmin_urls)),
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("readyz/worker", watching.worker),
    path("metrics", metrics.view),
    path("tai-lieu-kiem-chung/<path:name>", private.serve, name="private_file"),
    path("documents/", include(wagtaildocs_urls)),
    path("sandbox/telegram/", include("channels.sandbox.urls")),
    path("sandbox/", include("channels.sandbox.social.urls")),
    path("sandbox/feeds/", include("ingest.sandbox")),
    path("feeds/", include("channels.feeds.urls")),
    path("callbacks/<slug:slug>/", callbacks.receive, name="callback"),
    path("xac-nhan/<str:token>/", acknowledge, name="acknowledge"),
    path("tin-thu/<str:token>/", arrived, name="trial_arrived"),
    path("ke-hoach/", include("campaigns.urls")),
    path("lich/", include("editorial.desk.urls")),
    path("tim-kiem/", include("portal.urls")),
]
if "WEBHOOK_SECRET" in settings.ANYMAIL:  # what mail providers report
    urlpatterns += [path("anymail/", include("anymail.urls"))]
if settings.DEBUG:
    urlpatterns += static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)
urlpatterns += [path("", include(wagtail_urls))]
