"""Addresses of the reorganisations, below the list of agencies in the admin."""

from django.urls import path

from organisations.reorganising import views

urlpatterns = [
    path("", views.listing, name="organisations_reorganisations"),
    path("new/", views.wizard, name="organisations_reorganise"),
    path("undo/<int:pk>/", views.undo_one, name="organisations_reorganisation_undo"),
]
