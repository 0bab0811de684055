"""Addresses of feeds, under ``/feeds/``."""

from django.urls import path, register_converter

from channels.feeds import desk, pages, views
from channels.feeds.addresses import FORMS


class FormConverter:
    """The ending of an address, which names the format."""

    regex = "|".join(FORMS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(FormConverter, "feed_form")

app_name = "feeds"
urlpatterns = [
    path("", pages.index, name="index"),
    path("xac-nhan/<str:signed>/", desk.by_link, name="confirm"),
    path("<slug:slug>.<feed_form:form>", views.document, name="document"),
    path("<slug:slug>/<slug:token>.<feed_form:form>", views.of_station, name="station"),
    path("<slug:slug>/<slug:token>/", desk.desk, name="desk"),
]
