"""The admin of sources, of the inbox and of pick-ups."""
