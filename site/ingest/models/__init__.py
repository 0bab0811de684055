"""What came in from outside: files that were read, sources that are polled, and their items."""

from ingest.models.files import ImportedFile
from ingest.models.inbox import InboxItem, MutedTitle, PickUp
from ingest.models.sources import Source

__all__ = ["ImportedFile", "InboxItem", "MutedTitle", "PickUp", "Source"]
