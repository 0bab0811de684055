"""Errors whose text is for the person at the screen."""


class RefusedError(Exception):
    """What was asked for cannot be done; nothing was changed. The text says what to do instead."""

    def shown(self, form: str = "") -> str:
        """Return what the screen says whose form has this id; safe HTML may ask for more there."""
        return str(self)
