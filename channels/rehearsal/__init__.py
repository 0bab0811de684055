"""Plays deliveries against stand-ins, in a time of its own: nothing is stored, nothing leaves."""
