"""The board of deliveries: every item against every channel."""
