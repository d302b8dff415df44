"""Uploads go past a configured virus scanner: a small clamd of the tests' own speaks its protocol."""

import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from microcities.access.scanner import ScannerAwayError, found_in, is_answering
from microcities.access.uploads import CSV, UploadRefused, checked_upload
from tests.security.test_uploads import NAMES

VIRUS = b"X5O!P%@AP[4-TEST-FILE"


class Clamd:
    """A clamd that knows one virus; `answer`, when set, is said instead."""

    def __init__(self, listener: socket.socket) -> None:
        self.listener, self.answer, self.seen = listener, b"", b""
        self.thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> "Clamd":
        self.listener.listen()
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                line, _address = self.listener.accept()
            except OSError:
                return
            with line, line.makefile("rb") as said:
                line.sendall(self._reply(said))

    def _reply(self, said: Any) -> bytes:
        command = b""
        while not command.endswith(b"\0"):
            command += said.read(1)
        if command == b"zPING\0":
            return b"PONG\0"
        assert command == b"zINSTREAM\0"
        self.seen = b""
        while (size := struct.unpack("!I", said.read(4))[0]) > 0:
            self.seen += said.read(size)
        if self.answer:
            return self.answer
        return b"stream: Eicar-Test-Signature FOUND\0" if VIRUS in self.seen else b"stream: OK\0"


@pytest.fixture
def clamd(tmp_path: Path, settings: Any) -> Iterator[Clamd]:
    settings.CLAMD = str(tmp_path / "clamd.ctl")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(settings.CLAMD)
    with Clamd(listener) as running:
        yield running


def upload(content: bytes) -> Any:
    return checked_upload(SimpleUploadedFile("list.csv", content), accepts=(CSV,))


def test_clean_file_is_taken_and_was_seen_whole(clamd: Clamd) -> None:
    content = (NAMES * 40_000).encode()
    taken = upload(content)
    assert len(content) > 1_000_000
    assert clamd.seen == content
    assert taken.content.read() == content
    assert is_answering() is True


@pytest.mark.usefixtures("english")
def test_infected_file_is_refused(clamd: Clamd) -> None:
    with pytest.raises(UploadRefused, match="virus scanner found something"):
        upload(NAMES.encode() + VIRUS)


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"\0", b"stream: maybe\0"])
def test_unclear_answer_refuses(clamd: Clamd, answer: bytes) -> None:
    clamd.answer = answer
    with pytest.raises(UploadRefused, match="cannot be checked"):
        upload(NAMES.encode())


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("address", ["/nowhere/clamd.ctl", "127.0.0.1:1", "nonsense"])
def test_nothing_is_taken_while_the_scanner_is_away(settings: Any, address: str) -> None:
    settings.CLAMD = address
    with pytest.raises(UploadRefused, match="so none is taken"):
        upload(NAMES.encode())
    with pytest.raises(ScannerAwayError):
        found_in(SimpleUploadedFile("x", b"x").file)  # type: ignore[arg-type]
    assert is_answering() is False


def test_without_a_scanner_files_are_judged_by_content_alone(settings: Any) -> None:
    settings.CLAMD = ""
    assert upload(NAMES.encode()).size == len(NAMES.encode())
    assert is_answering() is True


def test_scanner_on_a_port_is_asked_too(settings: Any) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    settings.CLAMD = f"127.0.0.1:{listener.getsockname()[1]}"
    with Clamd(listener) as running:
        upload(NAMES.encode())
        assert running.seen == NAMES.encode()
