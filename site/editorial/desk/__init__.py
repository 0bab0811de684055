"""The desk: first page, calendar, templates, authors, system log."""
