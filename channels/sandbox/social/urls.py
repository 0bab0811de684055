"""Addresses of the look-alikes; included at ``/sandbox/``."""

from django.urls import path

from channels.sandbox.social import views

app_name = "sandbox_social"
ZALO, FACEBOOK = {"service": "zalo"}, {"service": "facebook"}
urlpatterns = [
    path("social/control/", views.social_control, name="control"),
    path("zalo/api/<path:path>", views.zalo_api, name="zalo_api"),
    path("zalo/oauth/v4/oa/access_token", views.zalo_oauth, name="zalo_oauth"),
    path("zalo/", views.accounts, ZALO, name="zalo"),
    path("zalo/<str:number>/", views.wall, ZALO, name="zalo_wall"),
    path("zalo/<str:number>/bai/<str:article>/", views.article, name="zalo_article"),
    path("zalo/<str:number>/nhom/<str:group>/", views.wall, ZALO, name="zalo_group"),
    path("facebook/v23.0/<path:path>", views.facebook_api, name="facebook_api"),
    path("facebook/", views.accounts, FACEBOOK, name="facebook"),
    path("facebook/<str:number>/", views.wall, FACEBOOK, name="facebook_wall"),
]
