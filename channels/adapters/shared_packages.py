"""Packages of files for one item, put into somebody's folder.

The manifest is written last and names every file with its SHA-256: what it does not name, or names
with another sum, is not ready. Writing the same package again changes nothing, so a delivery that
broke off is simply repeated.
"""

import asyncio
import json
from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, ClassVar, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels.adapters import shared_places, shared_servers
from channels.adapters.shared_files import LARGEST, Enclosure, File, as_json, enclosures, links
from channels.adapters.shared_folders import FolderOptions
from channels.adapters.shared_ninjs import identity, version_of
from channels.adapters.shared_places import Access, Address, Halt, Place, address_of, explained
from channels.contract import (
    Adapter,
    Barred,
    Degree,
    Message,
    NotSent,
    PermanentError,
    Proof,
    Receipt,
    TemporaryError,
)

T = TypeVar("T")
MANIFEST = "manifest.json"
PROBE = ".nhipcau-check"
# Threads of their own: servers that hang must not keep names of others from being looked up.
THREADS = ThreadPoolExecutor(32, thread_name_prefix="folders")
WHOLE_SECONDS = 40.0  # one package; the worker gives an attempt 45
WITHDRAWN_TITLE = "[ĐÃ GỠ]"  # as in the feeds: receivers match it literally


def _in_bucket(access: Access, halt: Halt) -> Place:
    """Open a folder of a bucket. What speaks S3 takes a third of a second to load."""
    from channels.adapters.shared_buckets import in_bucket  # noqa: PLC0415 - as said

    return in_bucket(access, halt)


OPENERS = {
    "file": shared_places.here,
    "s3": _in_bucket,
    "ftp": shared_servers.by_ftp,
    "sftp": shared_servers.by_sftp,
}


class PackageAdapter(Adapter):
    """Writes packages. A kind says what is in one; ``Message.details`` has ``name``."""

    secret_label = gettext_lazy("Password, private key for SFTP, or secret key for S3")
    in_threads: ClassVar[bool] = True
    can_update: ClassVar[bool] = True
    can_retract: ClassVar[bool] = True
    can_probe: ClassVar[bool] = True
    can_find: ClassVar[bool] = True
    limits: ClassVar[dict[str, int]] = {"file_bytes": LARGEST}

    options: FolderOptions

    @abstractmethod
    def documents(self, message: Message) -> list[File]:
        """Return what is written of the item itself."""

    @abstractmethod
    def tombstones(self, message: Message) -> list[File]:
        """Return what stands in their place once the item is withdrawn."""

    def facts(self, message: Message) -> Mapping[str, Any]:
        """Return what else the manifest says. No clock."""
        return {}

    # --- how it is carried -----------------------------------------------------------------

    async def send(self, message: Message) -> Receipt:
        return await self._carry(message, self._prefix(message), ())

    async def update(self, message: Message, receipt: Receipt) -> Receipt:
        """Write the same files anew; those the new version lacks are deleted last."""
        return await self._carry(message, *self._standing(message, receipt))

    async def retract(self, message: Message, receipt: Receipt) -> Receipt:
        """Leave a tombstone and its manifest, then delete the rest."""
        prefix, old = self._standing(message, receipt)
        files = self.tombstones(message)
        told = {
            **self._identity(message, "withdrawn"),
            "title": WITHDRAWN_TITLE,
            "files": [file.entry() for file in files],
        }
        stale = {*old, *(item.name for item in enclosures(message))}
        await self._write(prefix, files, told, stale)
        return self._receipt(prefix, files)

    async def find(self, message: Message) -> Receipt | None:
        """Look whether the manifest of this very version stands there."""
        prefix = self._prefix(message)
        found = await self._within(lambda place: place.get(f"{prefix}{MANIFEST}"))
        try:
            told = json.loads(found or b"{}")
            there = told["key"] == message.key and told["status"] == "usable"
            names = [str(item["name"]) for item in told["files"]]
        except (ValueError, KeyError, TypeError):
            return None
        details = {"prefix": prefix, "files": names}
        return Receipt(external_id=prefix.rstrip("/."), details=details) if there else None

    async def arrived(self, message: Message, receipt: Receipt) -> Proof | None:
        """Read the manifest again, as the receiver does."""
        if await self.find(message) is None:
            raise TemporaryError(_("The package does not stand in the receiver's folder."))
        return Proof(Degree.SEEN, _("The package stands in the folder."))

    async def check(self) -> str:
        """Write and delete a small file. Returns the folder. Raises a ``DeliveryError``."""

        def probe(place: Place) -> None:
            place.put(PROBE, b"")
            place.remove(PROBE)

        await self._within(probe)
        return str(self._address)

    @property
    def _address(self) -> Address:
        return address_of(self.options.address)

    def _prefix(self, message: Message) -> str:
        return f"{message.details['name']}{'/' if self.options.layout == 'folder' else '.'}"

    def _standing(self, message: Message, receipt: Receipt) -> tuple[str, list[str]]:
        """Return where the item stands, also when its name or the arrangement has changed."""
        prefix = receipt.details.get("prefix") or self._prefix(message)
        return prefix, list(receipt.details.get("files", ()))

    def _receipt(self, prefix: str, files: Iterable[File]) -> Receipt:
        details = {"prefix": prefix, "files": [file.name for file in files]}
        return Receipt(external_id=prefix.rstrip("/."), details=details)

    def _identity(self, message: Message, status: str) -> dict[str, Any]:
        return {
            "format": "nhipcau-package/1",
            "kind": self.kind,
            "id": identity(message.story),
            "key": message.key,
            "version": version_of(message),
            "status": status,
        }

    async def _carry(self, message: Message, prefix: str, old: Iterable[str]) -> Receipt:
        files = [*self.documents(message), *[await self._read(one) for one in enclosures(message)]]
        told = {
            **self._identity(message, "usable"),
            "title": message.title,
            "language": message.language,
            "level": message.level,
            "address": message.address,
            "published": message.published.isoformat(),
            "updated": message.updated.isoformat(),
            **self.facts(message),
            "files": [file.entry() for file in files],
            "links": links(message),
        }
        await self._write(prefix, files, told, old)
        return self._receipt(prefix, files)

    async def _write(
        self, prefix: str, files: list[File], told: Mapping[str, Any], old: Iterable[str]
    ) -> None:
        stale = sorted(set(old) - {file.name for file in files})

        def work(place: Place) -> None:
            if prefix.endswith("/"):
                place.make(prefix.rstrip("/"))
            for file in files:
                place.put(prefix + file.name, file.content)
            place.put(prefix + MANIFEST, as_json(told))
            for name in stale:
                place.remove(prefix + name)

        await self._within(work)

    async def _read(self, one: Enclosure) -> File:
        try:
            content = await asyncio.to_thread(self.files.read, one.file)
        except FileNotFoundError:
            raise PermanentError(
                _("The file of a picture or document is missing. Choose it again and publish.")
            ) from None
        except OSError:
            raise TemporaryError(
                _("The file of a picture or document cannot be read now.")
            ) from None
        if len(content) > LARGEST:
            raise PermanentError(
                _(
                    "A picture or document is too large for the receiver's folder. Choose a "
                    "smaller one and publish again."
                )
            )
        return File(one.name, one.role, one.mime, content, one.title, one.url)

    async def _within(self, work: Callable[[Place], T]) -> T:
        """Do this in the folder, in a thread that ends when we do."""
        access, halt = await self._access(), Halt()

        def job() -> T:
            with explained(), halt.afterwards:
                return work(OPENERS[access.address.scheme](access, halt))

        try:
            async with asyncio.timeout(WHOLE_SECONDS):
                loop = asyncio.get_running_loop()
                return await loop.run_in_executor(THREADS, copy_context().run, job)
        except TimeoutError:
            raise TemporaryError(_("The receiver's folder did not answer in time.")) from None
        finally:
            halt()

    async def _access(self) -> Access:
        address, loop = self._address, asyncio.get_running_loop()

        def reach(host: str, port: int) -> list[str]:
            asked = asyncio.run_coroutine_threadsafe(self._permitted(host, port), loop)
            return asked.result(shared_servers.SECONDS)

        named = address.scheme not in ("file", "s3")  # S3's server is reached by ``reach``
        ways = await self._permitted(address.host, address.port) if named else ()
        return Access(
            address, tuple(ways), self.options.user, self.secret,
            self.options.fingerprint, self.options.endpoint, reach,
        )  # fmt: skip

    async def _permitted(self, host: str, port: int) -> list[str]:
        """Return the addresses that may be connected to. Raises a ``DeliveryError``."""
        try:
            return await self.network.permitted(host, port)
        except Barred as error:
            raise PermanentError(str(error), stops_channel=True) from None
        except NotSent as error:
            raise TemporaryError(str(error)) from None
