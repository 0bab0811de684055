"""Feeds as documents: what was delivered to a channel of kind ``feed``, for whoever fetches it."""
