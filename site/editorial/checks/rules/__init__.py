"""The rules: pure functions from an item to findings. ``editorial.checks.registry`` lists them."""
