"""A real MQTT broker on this machine."""

import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.certificates import server_context

USER, PASSWORD = "desk-user", "pass:word-of-the-desk"
PROGRAM = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
HASHER = shutil.which("mosquitto_passwd")


@dataclass
class Mosquitto:
    """A broker that is running: its ports and the certificate of the encrypted one."""

    plain: int
    tls: int
    certificate: str


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def mosquitto(folder: Path, *lines: str, right: str = "readwrite") -> Iterator[Mosquitto]:
    """Run a broker with a user, who may write below ``nhip-cau``, and these lines of settings."""
    if not PROGRAM or not HASHER:
        if os.environ.get("CI"):
            pytest.fail("Mosquitto is not installed")
        pytest.skip("Mosquitto is not installed")
    folder.chmod(0o755)
    server_context(folder)
    subprocess.run(
        [HASHER, "-b", "-c", folder / "users", USER, PASSWORD], check=True, capture_output=True
    )
    (folder / "rights").write_text(f"user {USER}\ntopic {right} nhip-cau/#\n")
    plain, tls = free_port(), free_port()
    settings = [
        "user root", f"password_file {folder}/users", f"acl_file {folder}/rights",
        "allow_anonymous false", *lines, f"listener {plain} 127.0.0.1", f"listener {tls} 127.0.0.1",
        f"certfile {folder}/cert.pem", f"keyfile {folder}/key.pem",
    ]  # fmt: skip
    (folder / "conf").write_text("\n".join(settings) + "\n")
    process = subprocess.Popen(
        [PROGRAM, "-c", folder / "conf"], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    assert process.stderr
    said = b""
    while b" running" not in said:
        line = process.stderr.readline()
        assert line, f"Mosquitto did not start: {said.decode()}"
        said += line
    drain = threading.Thread(target=process.stderr.read)
    drain.start()
    try:
        yield Mosquitto(plain, tls, (folder / "cert.pem").read_text())
    finally:
        process.terminate()
        process.wait(10)
        drain.join(10)
        process.stderr.close()
