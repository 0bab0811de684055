"""Feeds: bytes in, entries out, and what to do with each. Pure: no database, no network, no pages.

docs/ingest.md draws the way from a source's address to the inbox.
"""
