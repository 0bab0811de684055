"""Addresses below ``/admin/chasing/``."""

from django.urls import path

from campaigns.chasing.admin import letters, pages, pauses

URLS = [
    path("", pages.home, name="home"),
    path("mails/", pages.mails, name="mails"),
    path("mails/<int:pk>/", pages.mail, name="mail"),
    path("mails/<int:pk>/again/", pages.mail_again, name="mail_again"),
    path("plan/<int:pk>/", pages.rhythm, name="rhythm"),
    path("pause/slot/<int:pk>/", pauses.pause_slot, name="pause_slot"),
    path("pause/agency/<int:pk>/", pauses.pause_agency, name="pause_agency"),
    path("pause/<int:pk>/end/", pauses.go_on, name="go_on"),
    path("letters/make/", letters.make, name="make_letter"),
    path("letters/<int:pk>/", letters.letter, name="letter"),
    path("letters/<int:pk>/issue/", letters.issue, name="issue_letter"),
    path("letters/<int:pk>/delete/", letters.delete, name="delete_letter"),
    path("letters/<int:pk>/without/<int:agency>/", letters.leave_out, name="leave_out"),
    path("letters/<int:pk>/file.<str:form>", letters.download, name="letter_file"),
]
