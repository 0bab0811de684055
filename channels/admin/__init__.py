"""Channels in the admin: list, add, edit, test, switch on and off; the report of deliveries."""
