"""Addresses of events and reviews in the admin."""

from django.urls import URLPattern, path, re_path

from campaigns.events.admin import events, guests, parts, reviews

EVENT, REVIEW = "events/<int:pk>/", "events/reviews/<int:pk>/"
PART = "(?P<part>sites|papers|tasks)"
OF_REVIEW = "(?P<part>stages|products|nominations)"

_EVENTS: list[URLPattern] = [
    path("events/", events.start, name="campaigns_events"),
    path("events/add/", events.add, name="campaigns_event_add"),
    path(EVENT, events.show, name="campaigns_event"),
    path(f"{EVENT}edit/", events.edit, name="campaigns_event_edit"),
    path(f"{EVENT}delete/", events.delete, name="campaigns_event_delete"),
    path(f"{EVENT}hold/", events.hold, name="campaigns_event_hold"),
    path(f"{EVENT}postpone/", events.postpone, name="campaigns_event_postpone"),
    path(f"{EVENT}conclusions/", events.conclude, name="campaigns_event_conclusions"),
    re_path(
        r"^events/(?P<pk>\d+)/(?P<verb>reopen|cancel|resume)/$",
        events.decide,
        name="campaigns_event_decide",
    ),
    re_path(
        r"^events/(?P<pk>\d+)/(?P<name>[a-z-]+)\.(?P<form>docx|pdf|xlsx)$",
        events.download,
        name="campaigns_event_document",
    ),
    path(f"{EVENT}agenda/", parts.edit_agenda, name="campaigns_event_agenda"),
    path(f"{EVENT}sites/add/", parts.add_sites, name="campaigns_event_sites"),
    re_path(
        r"^events/(?P<pk>\d+)/(?P<part>papers|tasks)/add/$",
        parts.add_part,
        name="campaigns_event_part_add",
    ),
    re_path(rf"^events/{PART}/(?P<pk>\d+)/$", parts.edit_part, name="campaigns_event_part"),
    re_path(
        rf"^events/{PART}/(?P<pk>\d+)/delete/$",
        parts.delete_part,
        name="campaigns_event_part_delete",
    ),
    path("events/papers/<int:pk>/submit/", parts.submit_paper, name="campaigns_event_paper"),
    path("events/papers/<int:pk>/accept/", parts.accept_paper, name="campaigns_event_accept"),
    path("events/tasks/<int:pk>/done/", parts.finish_task, name="campaigns_event_task"),
    path(f"{EVENT}guests/", guests.guests, name="campaigns_event_guests"),
    path(f"{EVENT}guests/add/", guests.add_guest, name="campaigns_event_guest_add"),
    path(f"{EVENT}guests/import/", guests.import_guests, name="campaigns_event_guest_import"),
    path(f"{EVENT}attendance/", guests.door, name="campaigns_event_door"),
    path("events/guests/<int:pk>/", guests.edit_guest, name="campaigns_event_guest"),
    path(
        "events/guests/<int:pk>/delete/", guests.delete_guest, name="campaigns_event_guest_delete"
    ),
    path("events/guests/<int:pk>/came/", guests.tick, name="campaigns_event_tick"),
]
_REVIEWS: list[URLPattern] = [
    path("events/reviews/add/", reviews.add, name="campaigns_review_add"),
    path(REVIEW, reviews.show, name="campaigns_review"),
    path(f"{REVIEW}edit/", reviews.edit, name="campaigns_review_edit"),
    path(f"{REVIEW}delete/", reviews.delete, name="campaigns_review_delete"),
    path(f"{REVIEW}agencies/", reviews.ask, name="campaigns_review_ask"),
    path(f"{REVIEW}export/", reviews.export, name="campaigns_review_export"),
    re_path(
        rf"^events/reviews/(?P<pk>\d+)/{OF_REVIEW}/add/$",
        reviews.add_part,
        name="campaigns_review_part_add",
    ),
    re_path(
        rf"^events/reviews/{OF_REVIEW}/(?P<pk>\d+)/$",
        reviews.edit_part,
        name="campaigns_review_part",
    ),
    re_path(
        rf"^events/reviews/{OF_REVIEW}/(?P<pk>\d+)/delete/$",
        reviews.delete_part,
        name="campaigns_review_part_delete",
    ),
    path("events/reviews/stages/<int:pk>/done/", reviews.finish, name="campaigns_review_stage"),
    path(
        "events/reviews/nominations/<int:pk>/decide/",
        reviews.decide,
        name="campaigns_review_decide",
    ),
    path(
        "events/reviews/products/<int:pk>/submit/",
        reviews.submit_product,
        name="campaigns_review_product",
    ),
    path("events/reviews/own/<int:pk>/", reviews.own, name="campaigns_review_own"),
    path("events/reviews/own/<int:pk>/remove/", reviews.unask, name="campaigns_review_unask"),
    re_path(
        r"^events/reviews/own/(?P<pk>\d+)/(?P<verb>accept|return)/$",
        reviews.judge,
        name="campaigns_review_judge",
    ),
]
URLS: list[URLPattern] = [*_EVENTS, *_REVIEWS]
