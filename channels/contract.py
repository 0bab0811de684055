"""What a channel adapter may rely on, and what it owes.

Nothing here knows about Wagtail, the database or any particular channel. Everything that goes
in or comes out is frozen and can be written as JSON, because the outbox stores it.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from django.utils.functional import Promise
from pydantic import BaseModel


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """A rendition ready to be sent. ``file`` is its name in storage, ``url`` is absolute."""

    url: str
    file: str
    mime: str
    size: int  # bytes
    width: int
    height: int
    alt: str = ""
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A file readers can download under the item. ``file`` is its name in storage."""

    url: str  # absolute
    file: str
    title: str
    mime: str
    size: int = 0  # bytes; 0: not known
    seconds: float = 0  # that a recording lasts; 0: not known

    @property
    def is_audio(self) -> bool:
        return self.mime.startswith("audio/")


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """One frozen version of an item, for every channel alike."""

    key: str  # UUID of the item: the same in every version
    sequence: int  # version: 1, 2, 3…
    title: str
    summary: str  # sapo, plain text
    text: str  # body, plain text, paragraphs parted by a blank line
    html: str  # body, sanitised, absolute addresses
    spoken: str  # what a newsreader says
    address: str  # absolute
    section: str = ""  # slug
    section_name: str = ""
    level: str = "normal"  # normal, priority, urgent (Circular 39/2020/TT-BTTTT)
    genre: str = ""
    author: str = ""
    unit: str = ""
    contact: str = ""  # whom stations may ask: name and ways to reach them
    language: str = "vi"
    published: datetime
    updated: datetime
    picture: Picture | None = None  # as uploaded, at most 1600 pixels wide
    wide_picture: Picture | None = None  # exactly 1920×1080, for television
    pictures: tuple[Picture, ...] = ()  # those in the body, in reading order, 1200 pixels at most
    documents: tuple[Document, ...] = ()
    # Texts written for one kind of receiver: kind → field → text (``portal.variants``).
    variants: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    correction: str = ""  # what the last noted correction says to the public
    correction_spoken: str = ""  # the same as a newsreader says it
    corrected: datetime | None = None  # when it was made
    embargo: datetime | None = None  # not to be made public before
    # What else readers see on the page: attached documents, the end of an announcement.
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def audio(self) -> Document | None:
        """The sound that goes with the item: the first recording attached to it, if any."""
        return next((item for item in self.documents if item.is_audio), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """What one channel will say: the preview shows it, the outbox stores it, ``send`` sends it."""

    key: str  # the same on every retry, so that a receiver can drop repeats
    story: str  # Story.key
    title: str
    text: str  # plain text
    html: str = ""  # in the markup of the channel
    address: str = ""
    image: Picture | None = None
    images: tuple[Picture, ...] = ()  # further ones, where the channel shows several
    language: str = "vi"
    level: str = "normal"
    section: str = ""
    author: str = ""
    documents: tuple[Document, ...] = ()
    published: datetime
    updated: datetime
    # What only this kind needs, as JSON can hold it. Part of what the receiver sees.
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """Proof of delivery, shown to editors next to the item."""

    external_id: str = ""
    address: str = ""  # where the item can be seen, if anywhere
    note: str = ""  # for people, already translated
    details: Mapping[str, Any] = field(default_factory=dict)  # what update and retract need
    new_options: Mapping[str, Any] = field(default_factory=dict)  # the channel's, to be stored
    awaits_person: bool = False  # handed over: ``note`` says what a person must still do
    within_hours: int = 0  # that the person has for it; 0: as long as the house usually gives
    # Part of it stands, the rest is still to be done: ``update`` is called with this receipt next.
    unfinished: bool = False


class Degree(StrEnum):
    """How much is known of a message that is said to have arrived, the least first."""

    ACCEPTED = "accepted"  # the receiver took it, and said no more
    SEEN = "seen"  # looked up afterwards where it stands
    RETURNED = "returned"  # it came back by the way that readers and receivers get it


@dataclass(frozen=True, slots=True)
class Proof:
    """That a message arrived. ``words`` say how it is known, for people, already translated."""

    degree: Degree
    words: str


class DeliveryError(Exception):
    """A delivery did not succeed. The text is shown to editors: no secrets, no addresses."""


class TemporaryError(DeliveryError):
    """Not delivered. The same request may succeed later, not before ``retry_after``.

    ``pace`` is the key of the rate that the receiver meant by it: nobody under it sends anything
    before. Empty: it meant this channel alone.
    """

    def __init__(
        self, reason: str, *, retry_after: timedelta | None = None, pace: str = ""
    ) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.pace = pace


class PermanentError(DeliveryError):
    """Not delivered, and will not be until a person changes something.

    ``stops_channel``: nothing else will get through either (a removed bot, a revoked secret).
    """

    def __init__(self, reason: str, *, stops_channel: bool = False) -> None:
        super().__init__(reason)
        self.stops_channel = stops_channel


class UncertainError(DeliveryError):
    """The request left us and no answer came. A blind retry could publish twice."""


class NotSent(Exception):
    """Raised by ``HttpClient``: the request certainly did not reach the receiver."""


class NoAnswer(Exception):
    """Raised by ``HttpClient``: the request may have reached the receiver."""


class Barred(NotSent):
    """Raised by ``HttpClient``: nothing will reach the receiver until a person changes something.

    Adapters stop the channel. The text says whom to turn to.
    """


class Refused(Barred):
    """Raised by ``HttpClient``: the target is a private address and not allowed by the operator."""


class Untrusted(Barred):
    """Raised by ``HttpClient``: the certificate is not the receiver's, so nothing was said to it.

    It names another host, has run out, or nobody known vouches for it (RFC 5280, 6; RFC 9110,
    4.3.4).
    """


@dataclass(frozen=True, slots=True)
class HttpResponse:
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a multipart form: text, or a file when it has a ``filename``."""

    name: str
    content: bytes
    filename: str = ""
    mime: str = ""


class HttpClient(Protocol):
    """Guarded outbound HTTP: time limits, size caps, no private targets, also after redirects."""

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        body: bytes | None = None,
        parts: list[Part] | None = None,
        timeout: float = 20.0,
        max_bytes: int = 5_000_000,
        follow_redirects: bool = False,
    ) -> HttpResponse:
        """Return the answer whatever its status. Raises ``NotSent`` or ``NoAnswer``."""
        ...


class Network(Protocol):
    """For libraries with a transport of their own: it never connects, it says where one may."""

    async def permitted(self, host: str, port: int) -> list[str]:
        """Return the addresses of the host that may be connected to, never an empty list.

        Connect to one of these, not to the name, which may lead elsewhere a moment later.
        Raises ``NotSent``; ``Refused`` when all are private and not allowed by the operator.
        """
        ...


class Vault(Protocol):
    """The stored secret of a channel, for kinds whose receiver replaces it while they work.

    It is kept encrypted and shared by all workers, and by the channels that name it.
    """

    async def read(self) -> str:
        """Return the secret as it is stored now."""
        ...

    async def replace(self, old: str, new: str) -> bool:
        """Store ``new`` if ``old`` is still what is stored. False: somebody was faster."""
        ...

    async def reserve(self, seconds: float) -> bool:
        """Whether the caller, and nobody else, is to renew the secret during these seconds."""
        ...


class Files(Protocol):
    def read(self, name: str) -> bytes:
        """Return a stored file. Raises ``FileNotFoundError``. Blocks: call it in a thread."""
        ...


NIGHT = (time(21), time(5, 30))  # no loudspeaker is heard then: ``Adapter.quiet_hours``


@dataclass(frozen=True, slots=True)
class Pace:
    """At most ``burst`` at once, then one every ``interval`` seconds, for all who share ``key``."""

    key: str
    interval: float
    burst: int = 1
    cost: int = 1  # how many of them the message takes


class Adapter(ABC):
    """Turns stories into messages for one configured destination, and carries them there.

    One instance serves many deliveries, so it keeps nothing of any of them.

    ``compose`` is pure. ``send``, ``update`` and ``retract`` return a ``Receipt`` or raise a
    ``DeliveryError``; they may be cancelled at any await.
    """

    kind: ClassVar[str]
    label: ClassVar[str | Promise]
    summary: ClassVar[str | Promise]  # one sentence for the person who adds a channel
    Options: ClassVar[type[BaseModel]]
    secret_label: ClassVar[str | Promise] = ""  # empty: the kind has no secret, or several
    # Several secrets by name, with their labels: ``secret`` is then a JSON object of texts.
    secret_parts: ClassVar[Mapping[str, str | Promise]] = {}
    pulls: ClassVar[bool] = False  # receivers fetch: settled in the publishing transaction
    takes_embargoed: ClassVar[bool] = False  # known receivers may have an item before the public
    addressing: ClassVar[frozenset[str]] = frozenset()  # options ``compose`` never looks at
    in_threads: ClassVar[bool] = False  # its library waits, each send in a thread of its own
    can_update: ClassVar[bool] = False
    can_retract: ClassVar[bool] = False
    can_end: ClassVar[bool] = False  # something of it comes to an end while the item stands
    can_find: ClassVar[bool] = False
    can_probe: ClassVar[bool] = False  # ``check`` asks the receiver itself, not the settings only
    quiet_hours: ClassVar[tuple[time, time] | None] = None  # offered when a channel is added
    limits: ClassVar[Mapping[str, int]] = {}  # shown in the editor's preview

    def __init__(
        self,
        options: Any,
        secret: str,
        *,
        http: HttpClient,
        files: Files,
        network: Network | None = None,
        vault: Vault | None = None,
    ) -> None:
        self.options = options
        self.secret = secret
        self.http = http
        self.files = files
        self._network = network
        self._vault = vault

    @property
    def network(self) -> Network:
        """Where this adapter may connect to. Raises ``RuntimeError`` when none was given."""
        if self._network is None:
            raise RuntimeError("This adapter was made without a network")
        return self._network

    @property
    def vault(self) -> Vault:
        """Where the secret is kept. Raises ``RuntimeError`` when none was given."""
        if self._vault is None:
            raise RuntimeError("This adapter was made without a vault")
        return self._vault

    @abstractmethod
    def compose(self, story: Story) -> Message:
        """Say what this channel will say of the story. No I/O."""

    @abstractmethod
    async def send(self, message: Message) -> Receipt:
        """Deliver the message."""

    async def update(self, message: Message, receipt: Receipt) -> Receipt:
        """Replace what ``receipt`` proves with ``message``. Only called when ``can_update``."""
        raise NotImplementedError

    async def retract(self, message: Message, receipt: Receipt) -> Receipt:
        """Take back what ``receipt`` proves. Only called when ``can_retract``."""
        raise NotImplementedError

    def must_end(self, message: Message, receipt: Receipt | None) -> bool:
        """Whether ``end`` has something to do once the item's time is over. No I/O.

        ``receipt`` is ``None`` while the message is on its way. Only called when ``can_end``.
        """
        return False

    async def end(self, message: Message, receipt: Receipt) -> Receipt:
        """Undo what was for the item's time only, such as a pin; the message itself stays.

        Only called when ``can_end``.
        """
        raise NotImplementedError

    async def find(self, message: Message) -> Receipt | None:
        """Look up whether an uncertain message arrived. Only called when ``can_find``."""
        raise NotImplementedError

    async def arrived(self, message: Message, receipt: Receipt) -> Proof | None:
        """Look at the receiver whether what ``receipt`` proves is there, and change nothing.

        ``None``: there is nothing but the receipt. Raises a ``DeliveryError`` when it is not there.
        """
        return None

    async def check(self) -> str:
        """Probe the destination without publishing. Returns its name as people know it."""
        return ""

    def paces(self) -> list[Pace]:
        """Limits that hold across all workers. The widest, which most channels share, first."""
        return []

    def cost(self, message: Message, receipt: Receipt | None) -> int:
        """Return as how many messages the limits count the next call: 1 for most.

        ``receipt`` is of what stands unfinished; ``None`` when nothing does.
        """
        return 1

    def costs(self, message: Message) -> list[int]:
        """Return what ``cost`` will be of each call that a new message takes, for rehearsals."""
        return [self.cost(message, None)]

    def attention(self, now: datetime) -> str:
        """Return what a person should see to soon although the channel works; "" for nothing.

        A token that runs out, say. No I/O.
        """
        return ""
