"""Errors whose text is for the person at the screen."""


class RefusedError(Exception):
    """What was asked for cannot be done; nothing was changed. The text says what to do instead."""
