"""Addresses of the sandbox; included at ``/sandbox/telegram/``."""

from django.urls import path, re_path

from channels.sandbox import views

app_name = "sandbox"
urlpatterns = [
    path("bot<str:token>/<str:method>", views.bot_api, name="bot_api"),
    path("control/", views.control, name="control"),
    path("", views.chat_list, name="chat_list"),
    re_path(r"^(?P<chat_id>-?\d{1,20})/$", views.chat_page, name="chat"),
    re_path(r"^(?P<chat_id>-?\d{1,20})/messages/$", views.chat_messages, name="messages"),
    re_path(
        r"^(?P<chat_id>-?\d{1,20})/(?P<message_id>\d{1,9})/file$", views.message_file, name="file"
    ),
]
