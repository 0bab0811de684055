"""Receivers that misbehave, on real connections: each speaks its protocol as far as it is to.

A peer is a function of one connection. It runs in a thread of its own, so that it misbehaves
whatever the worker is doing.
"""

import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

SECONDS = 20.0  # nobody waits longer for a client that does not come
CHUNK = 65_536
RST = struct.pack("ii", 1, 0)  # SO_LINGER of no seconds: closing resets the connection


@dataclass
class Peer:
    """Where it listens, and what it has seen."""

    port: int = 0
    heard: list[bytes] = field(default_factory=list)
    poured: int = 0  # bytes said without end

    @property
    def text(self) -> str:
        return b"".join(self.heard).decode("utf-8", "replace")

    # --- what a peer can do with a connection ----------------------------------------------

    def hear(self, line: socket.socket, until: bytes = b"\r\n") -> bytes:
        """Read until these bytes have come, or the client has gone."""
        got = b""
        while until not in got and (part := line.recv(CHUNK)):
            got += part
        self.heard.append(got)
        return got

    def hear_request(self, line: socket.socket) -> bytes:
        """Read an HTTP request with its body. Returns its head."""
        head, _end, body = self.hear(line, b"\r\n\r\n").partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        missing = int(length[1]) - len(body) if length else 0
        while missing > 0 and (part := line.recv(CHUNK)):
            self.heard.append(part)
            missing -= len(part)
        return head

    def pour(self, line: socket.socket, chunk: bytes) -> None:
        """Say this again and again until the client has had enough."""
        while True:
            line.sendall(chunk)
            self.poured += len(chunk)


def reset(line: socket.socket) -> None:
    """Break the connection off."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RST)


def wait(line: socket.socket) -> None:
    """Say nothing until the client goes."""
    while line.recv(CHUNK):
        pass


Act = Callable[[Peer, socket.socket], None]


@contextmanager
def serving(act: Act, tls: ssl.SSLContext | None = None) -> Iterator[Peer]:
    """Run a peer until the block ends; whoever is connected has gone by then."""
    there = Peer()
    threads: list[threading.Thread] = []

    def serve(line: socket.socket) -> None:
        line.settimeout(SECONDS)
        with suppress(OSError), line:
            if tls:
                with tls.wrap_socket(line, server_side=True) as safe:
                    act(there, safe)
            else:
                act(there, line)

    def accept() -> None:
        with suppress(OSError):
            while True:
                line, _address = door.accept()
                threads.append(threading.Thread(target=serve, args=(line,), daemon=True))
                threads[-1].start()

    door = socket.create_server(("127.0.0.1", 0))
    there.port = door.getsockname()[1]
    listener = threading.Thread(target=accept, daemon=True)
    listener.start()
    try:
        yield there
    finally:
        with suppress(OSError):
            door.shutdown(socket.SHUT_RDWR)
        door.close()
        for thread in (listener, *threads):
            thread.join(SECONDS)


# --- HTTP --------------------------------------------------------------------------------------


def answer_of(status: int, body: bytes = b"", *headers: str) -> bytes:
    """Return an answer in HTTP."""
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def http(status: int, body: bytes = b"", *headers: str) -> Act:
    """Answer every request with this."""
    answer = answer_of(status, body, *headers)

    def act(there: Peer, line: socket.socket) -> None:
        there.hear_request(line)
        line.sendall(answer)

    return act


def http_endless(there: Peer, line: socket.socket) -> None:
    there.hear_request(line)
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    there.pour(line, b" " * CHUNK)


def http_reset(there: Peer, line: socket.socket) -> None:
    """Take the request, and break off in the middle of the answer."""
    there.hear_request(line)
    line.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"ok"')
    reset(line)


def http_silent(there: Peer, line: socket.socket) -> None:
    """Take the request, and never say what came of it."""
    there.hear_request(line)
    wait(line)


# --- S3 ----------------------------------------------------------------------------------------

XML = "Content-Type: application/xml"


def s3(writing: Act | bytes) -> Act:
    """Tell where the bucket is; then answer what is written with these bytes, or do that."""
    where = answer_of(200, b"<LocationConstraint>hn-1</LocationConstraint>", XML)

    def act(there: Peer, line: socket.socket) -> None:
        if there.hear_request(line).startswith(b"GET"):
            line.sendall(where)
        elif callable(writing):
            writing(there, line)
        else:
            line.sendall(writing)

    return act


def s3_refusing(status: int, code: str) -> Act:
    """Refuse every request in S3's words."""

    def act(there: Peer, line: socket.socket) -> None:
        there.hear_request(line)
        line.sendall(s3_refusal(status, code))

    return act


def s3_refusal(status: int, code: str) -> bytes:
    """Return a refusal in S3's words, which repeat the key's id as Amazon's do."""
    words = f"<Error><Code>{code}</Code><Message>No</Message><AWSAccessKeyId>nhipcau"
    return answer_of(status, f"{words}</AWSAccessKeyId></Error>".encode(), XML)


def http_pour(there: Peer, line: socket.socket) -> None:
    """Answer without end, the request being read."""
    line.sendall(b'HTTP/1.1 200 OK\r\nETag: "a"\r\n\r\n')
    there.pour(line, b" " * CHUNK)


def http_headers(there: Peer, line: socket.socket) -> None:
    """Answer with one header that never ends."""
    line.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    there.pour(line, b"a" * CHUNK)


# --- SMTP --------------------------------------------------------------------------------------


def smtp(
    after: Act | None = None, *, size: int = 10_000_000, **answers: str
) -> Callable[[Peer, socket.socket], None]:
    """Speak SMTP. ``after``: what is done once the mail is there. ``answers``: to commands."""

    def act(there: Peer, line: socket.socket) -> None:
        line.sendall(b"220 may-chu.example\r\n")
        while command := there.hear(line).decode()[:4].strip().upper():
            if command in answers:
                line.sendall(f"{answers[command]}\r\n".encode())
            elif command == "EHLO":
                line.sendall(f"250-hi\r\n250-AUTH PLAIN\r\n250 SIZE {size}\r\n".encode())
            elif command == "AUTH":
                line.sendall(b"235 in\r\n")
            elif command == "DATA":
                line.sendall(b"354 go\r\n")
                there.hear(line, b"\r\n.\r\n")
                if after:
                    return after(there, line)
                line.sendall(b"250 taken\r\n")
            else:
                line.sendall(b"250 ok\r\n")
        return None

    return act


def greeting(line_of_it: bytes) -> Act:
    """Greet without end in lines like this."""

    def act(there: Peer, line: socket.socket) -> None:
        there.pour(line, line_of_it * (CHUNK // len(line_of_it)))

    return act


def then_reset(there: Peer, line: socket.socket) -> None:
    reset(line)


def then_wait(there: Peer, line: socket.socket) -> None:
    wait(line)


def then_pour(there: Peer, line: socket.socket) -> None:
    there.pour(line, b"250-and so on\r\n" * 4096)


# --- MQTT 5 ------------------------------------------------------------------------------------

CONNACK = b"\x20\x03\x00\x00\x00"
CONNACK_OF_100 = b"\x20\x08\x00\x00\x05\x27\x00\x00\x00\x64"  # takes packets of 100 bytes


def mqtt(connack: bytes = CONNACK, then: Act | bytes = b"") -> Act:
    """Answer CONNECT; then answer PUBLISH with these bytes, or do that."""

    def act(there: Peer, line: socket.socket) -> None:
        there.heard.append(line.recv(CHUNK))
        line.sendall(connack)
        there.heard.append(line.recv(CHUNK))
        if callable(then):
            then(there, line)
        else:
            line.sendall(then)
            wait(line)

    return act


def mqtt_endless(there: Peer, line: socket.socket) -> None:
    """Begin a message of 256 MB."""
    line.sendall(b"\x30\xff\xff\xff\x7f")
    there.pour(line, b"\0" * CHUNK)


# --- FTP ---------------------------------------------------------------------------------------


def ftp(**answers: str) -> Act:
    """Speak FTP as far as the first transfer, with these answers to commands."""

    def act(there: Peer, line: socket.socket) -> None:
        line.sendall(b"220 hi\r\n")
        with socket.create_server(("127.0.0.1", 0)) as data:
            port = data.getsockname()[1]
            passive = f"227 Entering Passive Mode (127,0,0,1,{port // 256},{port % 256})"
            known = {"USER": "331 who", "PASS": "230 in", "PASV": passive,
                     "EPSV": "500 no", "STOR": "150 go"}  # fmt: skip
            while command := there.hear(line).decode()[:4].strip().upper():
                said = answers.get(command) or known.get(command, "200 ok")
                if said == "reset":
                    return reset(line)
                if said == "wait":
                    return wait(line)
                line.sendall(f"{said}\r\n".encode())
        return None

    return act
