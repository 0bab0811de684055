"""Addresses of feeds, under ``/feeds/``."""

from django.urls import path

from channels.feeds import desk, views

app_name = "feeds"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:slug>.xml", views.document, {"form": "xml"}, name="rss"),
    path("<slug:slug>.atom", views.document, {"form": "atom"}, name="atom"),
    path("<slug:slug>.json", views.document, {"form": "json"}, name="json"),
    path("<slug:slug>/<slug:token>.xml", views.of_station, name="station"),
    path("<slug:slug>/<slug:token>/", desk.desk, name="desk"),
]
