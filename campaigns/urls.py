"""Addresses of the public plan pages, below ``/ke-hoach/``."""

from django.urls import path

from campaigns import views
from campaigns.public import versions
from campaigns.showing import subscribing

app_name = "plans"
urlpatterns = [
    path("", views.plan_list, name="list"),
    path("lich/<str:token>.ics", subscribing.feed, name="calendar"),
    path("<slug:slug>/", views.plan_page, name="plan"),
    path("<slug:slug>/tin-bai/", views.plan_items, name="items"),
    path("<slug:slug>/tin-bai.xml", views.plan_feed, name="feed"),
    path("<slug:slug>/tai-ve.<str:form>", views.download, name="download"),
    path("<slug:slug>/ban/", versions.version_list, name="versions"),
    path("<slug:slug>/ban/<int:ordinal>/", versions.version_page, name="version"),
    path("<slug:slug>/ban/<int:ordinal>/tai-ve.<str:form>", versions.download, name="version_file"),
]
