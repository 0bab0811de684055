"""Calls named officers about an urgent announcement until they acknowledge it, and then stops."""
