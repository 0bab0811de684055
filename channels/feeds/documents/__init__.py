"""A listing written as RSS 2.0, Atom (RFC 4287, RFC 6721) and JSON Feed 1.1.

Each writer takes the listing and two absolute addresses: ``site``, the portal, and ``own``, where
the document itself stands.
"""

from channels.feeds.documents.atom import atom
from channels.feeds.documents.jsonfeed import json_feed
from channels.feeds.documents.rss import rss

__all__ = ["atom", "json_feed", "rss"]
