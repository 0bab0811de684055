"""Addresses outside the admin: people's own calendars."""

from django.urls import path

from editorial.desk import feed

urlpatterns = [path("<str:token>.ics", feed.feed, name="editorial_ics")]
