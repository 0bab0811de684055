"""Screens of events and of campaigns of review."""
