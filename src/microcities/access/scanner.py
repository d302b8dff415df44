"""Asks a running ClamAV (clamd) about an uploaded file; while a configured scanner does not answer, nothing is taken.

The scanner is named by `MICROCITIES_CLAMD`: the path of its socket, or HOST:PORT. Protocol: clamd(8), INSTREAM.
"""

import socket
import struct
from typing import BinaryIO

from django.conf import settings

PIECE = 256 * 1024
# Seconds to wait for the connection, and for each answer or piece that is taken.
PATIENCE = 20.0
LONGEST_ANSWER = 4096


class ScannerAwayError(Exception):
    """The scanner cannot be reached or gave no clear answer; `str()` is for the operator."""


def found_in(stream: BinaryIO, address: str | None = None) -> str:
    """The name of what the scanner found in a stream, empty when it is clean or no scanner is configured.

    Raises ScannerAwayError. The stream is read from its beginning.
    """
    address = settings.CLAMD if address is None else address
    if not address:
        return ""
    stream.seek(0)
    answer = _ask(address, stream)
    if answer == "stream: OK":
        return ""
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    raise ScannerAwayError(f"the scanner said {answer[:200]!r}")


def is_answering(address: str | None = None) -> bool:
    """Whether the configured scanner answers; True when none is configured."""
    address = settings.CLAMD if address is None else address
    if not address:
        return True
    try:
        with _connection(address) as line:
            line.sendall(b"zPING\0")
            return _answer(line) == "PONG"
    except OSError:
        return False


def _ask(address: str, stream: BinaryIO) -> str:
    try:
        with _connection(address) as line:
            line.sendall(b"zINSTREAM\0")
            while piece := stream.read(PIECE):
                line.sendall(struct.pack("!I", len(piece)) + piece)
            line.sendall(struct.pack("!I", 0))
            return _answer(line)
    except OSError as error:
        raise ScannerAwayError(f"the scanner at {address} does not answer: {error}") from error


def _connection(address: str) -> socket.socket:
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(PATIENCE)
        try:
            line.connect(address)
        except OSError:
            line.close()
            raise
        return line
    host, _colon, port = address.rpartition(":")
    if not port.isdigit():
        raise OSError(f"{address!r} is neither the path of a socket nor HOST:PORT")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=PATIENCE)


def _answer(line: socket.socket) -> str:
    """What stands before the zero byte; clamd may also close the line instead."""
    said = b""
    while len(said) < LONGEST_ANSWER and not said.endswith(b"\0"):
        if not (piece := line.recv(1024)):
            break
        said += piece
    return said.rstrip(b"\0").decode(errors="replace").strip()
