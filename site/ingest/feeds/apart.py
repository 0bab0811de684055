"""Parses feeds in a process of their own, which is ended when it takes too long.

feedparser can be kept busy for minutes by a few kilobytes (an author's name of 100,000 digits takes
it 95 seconds), and a thread cannot be stopped. A process can, and it leaves ours free to deliver.
"""

import multiprocessing
import threading
from datetime import datetime
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType

from ingest.feeds.parsed import ParsedFeed, Problem

PARSE_SECONDS = 20.0  # a feed of 5 MB takes 15
START_SECONDS = 60.0  # on a busy machine; usually half a second
MOST_MEMORY = 1_500_000_000  # bytes

_SPAWN = multiprocessing.get_context("spawn")  # forking would copy threads and connections


class Parser:
    """Calls ``parsing.parse`` in another process, started when it is first needed.

    Safe to call from several threads; one feed is parsed at a time.
    """

    def __init__(self, seconds: float = PARSE_SECONDS) -> None:
        self.seconds = seconds
        self._lock = threading.Lock()
        self._process: BaseProcess | None = None
        self._pipe: Connection

    def __enter__(self) -> "Parser":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def parse(self, data: bytes, *, base: str, now: datetime, charset: str = "") -> ParsedFeed:
        """See ``parsing.parse``. What takes too long, or too much, has ``Problem.TOO_SLOW``."""
        with self._lock:
            try:
                if self._process is None or not self._process.is_alive():
                    self._start()
                self._pipe.send((data, base, now, charset))
                if self._pipe.poll(self.seconds):
                    found: ParsedFeed = self._pipe.recv()
                    return found
            except (EOFError, OSError):
                pass  # it ran out of memory, or somebody ended it
            self._end()
            return ParsedFeed(problem=Problem.TOO_SLOW)

    def close(self) -> None:
        """End the process, if there is one."""
        with self._lock:
            self._end()

    def _start(self) -> None:
        self._end()
        self._pipe, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=serve, args=(theirs,), daemon=True, name="feeds")
        self._process.start()
        theirs.close()
        if not self._pipe.poll(START_SECONDS):
            raise OSError
        self._pipe.recv()

    def _end(self) -> None:
        if self._process is not None:
            self._pipe.close()
            self._process.kill()
            self._process.join()
            self._process.close()
            self._process = None


def serve(pipe: Connection) -> None:
    """Parse what comes through the pipe until it is closed. Runs in the other process."""
    import resource  # noqa: PLC0415 - unknown to Windows, where the tests of pure parts may run

    from django.conf import settings  # noqa: PLC0415

    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    if not settings.configured:  # no database, no catalogues: none of them is needed here
        settings.configure(USE_I18N=False, USE_TZ=True, TIME_ZONE="Asia/Ho_Chi_Minh")
    from ingest.feeds.parsing import parse  # noqa: PLC0415

    pipe.send("ready")
    while True:
        try:
            data, base, now, charset = pipe.recv()
        except (EOFError, KeyboardInterrupt):
            return
        pipe.send(parse(data, base=base, now=now, charset=charset))
