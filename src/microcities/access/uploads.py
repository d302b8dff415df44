"""Judges an uploaded file by its content and keeps it where only a guarded view can reach it.

    file = checked_upload(request.FILES["list"], accepts=(CSV, XLSX))     # UploadRefused says why and what to do
    path = keep_upload(file, folder="imports")                            # a random name, mode 0600
    return private_file(path, file.name)                                  # in a view with @allow(rule)

Files never lie below STATIC_ROOT and no address serves the storage: a view finds the row, asks its rule, and answers
with `private_file`, which always sends the type found by content, `attachment`, and a policy that lets nothing run.
"""

import codecs
import io
import logging
import re
import secrets
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from microcities.access.scanner import ScannerAwayError, found_in

security = logging.getLogger("microcities.security")
CSV, XLSX, PDF, PNG, JPEG = "csv", "xlsx", "pdf", "png", "jpeg"
ENDINGS = {".csv": CSV, ".xlsx": XLSX, ".pdf": PDF, ".png": PNG, ".jpg": JPEG, ".jpeg": JPEG}
MIME = {
    CSV: "text/csv",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    PDF: "application/pdf",
    PNG: "image/png",
    JPEG: "image/jpeg",
}
# A spreadsheet of 50,000 rows unpacks to some 40 MB; a bomb to gigabytes out of kilobytes.
LARGEST_UNPACKED = 300 * 1024 * 1024
LARGEST_RATIO = 200
MOST_PARTS = 2000
# The order matters: a byte order mark decides, then UTF-8, and the Baltic code page takes nearly any bytes.
PLAIN_ENCODINGS = ("utf-8", "windows-1257")
FOLDER = re.compile(r"[a-z][a-z0-9_-]{0,39}(/[a-z0-9_-]{1,40})*")


class UploadRefused(Exception):  # noqa: N818 - it says what happened to the file
    """The file is not taken; `str()` says why and what to do."""

    def __init__(self, reason: "str | Promise") -> None:
        self.reason = reason
        super().__init__(str(reason))


@dataclass(frozen=True)
class CheckedUpload:
    """A file that is what it claims to be. `encoding` is that of a CSV; `name` is safe to show and to send."""

    name: str
    kind: str
    size: int
    content: BinaryIO
    encoding: str = ""


def checked_upload(
    file: UploadedFile, *, accepts: Sequence[str], max_bytes: int | None = None
) -> CheckedUpload:
    """The file, judged by size, ending, content and a configured scanner; raises UploadRefused. The content is rewound."""
    name = safe_name(file.name or "")
    kind = ENDINGS.get(PurePosixPath(name).suffix.lower())
    if kind is None or kind not in accepts:
        raise UploadRefused(_("This type of file cannot be used here. Choose %(types)s.")
                            % {"types": ", ".join(each.upper() for each in accepts)})
    limit = settings.MAX_UPLOAD_BYTES if max_bytes is None else max_bytes
    size = file.size or 0
    if size > limit:
        raise UploadRefused(_("The file is too large. The most is %(limit)s MB.") % {"limit": limit // (1024 * 1024)})
    if size == 0:
        raise UploadRefused(_("The file is empty. Choose another one."))
    stream = cast(BinaryIO, file.file)
    encoding = _judge(kind, stream)
    _scan(stream)
    stream.seek(0)
    return CheckedUpload(name, kind, size, stream, encoding)


def safe_name(name: str) -> str:
    """The last part of a file name without control characters, at most 120 characters, the ending kept."""
    last = re.split(r"[\\/]", name)[-1]
    printable = "".join(sign for sign in last if sign.isprintable() and sign not in '"<>|:*?').strip(". ") or "file"
    stem, dot, ending = printable.rpartition(".")
    return f"{stem[:110]}{dot}{ending[:9]}" if dot else printable[:120]


def keep_upload(file: CheckedUpload, *, folder: str) -> str:
    """Store the file privately under a random name; returns its path within the storage."""
    if not FOLDER.fullmatch(folder):
        raise ValueError(f"{folder!r} is no folder of the storage")
    file.content.seek(0)
    return default_storage.save(f"{folder}/{secrets.token_hex(16)}.{file.kind}", file.content)


def private_file(path: str, name: str) -> FileResponse:
    """Answer with a stored file; only for views whose rule has been asked. The type comes from the stored ending."""
    kind = PurePosixPath(path).suffix.removeprefix(".")
    response = FileResponse(
        default_storage.open(path, "rb"), as_attachment=True, filename=safe_name(name),
        content_type=MIME.get(kind, "application/octet-stream"),
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _scan(stream: BinaryIO) -> None:
    """Refuse what a configured scanner does not call clean."""
    try:
        found = found_in(stream)
    except ScannerAwayError as error:
        security.error("upload not scanned: %s", error)
        raise UploadRefused(
            _("Files cannot be checked for viruses at the moment, so none is taken. Try again later.")
        ) from error
    if found:
        security.warning("upload refused, scanner found %s", found[:100])
        raise UploadRefused(_("The virus scanner found something in this file. Do not open it, and tell your IT support."))


def _judge(kind: str, stream: BinaryIO) -> str:
    stream.seek(0)
    if kind == CSV:
        return text_encoding(stream)
    checks = {XLSX: _is_workbook, PDF: _is_pdf, PNG: _is_png, JPEG: _is_jpeg}
    if not checks[kind](stream):
        raise UploadRefused(
            _("The file is not what its ending says. Open it, save it again as %(kind)s and choose it again.")
            % {"kind": kind.upper()}
        )
    return ""


def text_encoding(stream: BinaryIO) -> str:
    """The encoding of a text: utf-8-sig, utf-16, utf-8 or windows-1257; raises UploadRefused for what is no text."""
    data = stream.read()
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates: tuple[str, ...] = ("utf-16",)
    else:
        candidates = ("utf-8-sig",) if data.startswith(codecs.BOM_UTF8) else PLAIN_ENCODINGS
    for encoding in candidates:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0e-\x1f\x7f]", text):
            return encoding
    raise UploadRefused(_("The file is not readable text. Save the table as CSV (UTF-8) and choose it again."))


def _is_workbook(stream: BinaryIO) -> bool:
    """A zip with the parts of a workbook, no macros, no parts outside, and not a bomb."""
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if not {"[Content_Types].xml", "xl/workbook.xml"} <= names or len(parts) > MOST_PARTS:
                return False
            if any(_leads_out(name) or name.lower().endswith("vbaproject.bin") for name in names):
                return False
            if any(part.flag_bits & 0x1 for part in parts):  # encrypted
                return False
            return _unpacks_within_limits(archive, parts)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, OSError, EOFError, ValueError):
        return False


def _leads_out(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in PurePosixPath(name.replace("\\", "/")).parts


def _unpacks_within_limits(archive: zipfile.ZipFile, parts: Sequence[zipfile.ZipInfo]) -> bool:
    """Count what really comes out: the sizes that an archive states are the attacker's."""
    packed = sum(part.compress_size for part in parts)
    allowed = min(LARGEST_UNPACKED, max(packed * LARGEST_RATIO, io.DEFAULT_BUFFER_SIZE))
    for part in parts:
        with archive.open(part) as content:
            while piece := content.read(1024 * 1024):
                allowed -= len(piece)
                if allowed < 0:
                    return False
    return True


def _is_pdf(stream: BinaryIO) -> bool:
    start = stream.read(8)
    stream.seek(max(0, stream.seek(0, io.SEEK_END) - 2048))
    return start.startswith(b"%PDF-") and b"%%EOF" in stream.read()


def _is_png(stream: BinaryIO) -> bool:
    start = stream.read(16)
    stream.seek(max(0, stream.seek(0, io.SEEK_END) - 12))
    return start.startswith(b"\x89PNG\r\n\x1a\n") and start[12:16] == b"IHDR" and b"IEND" in stream.read()


def _is_jpeg(stream: BinaryIO) -> bool:
    start = stream.read(3)
    stream.seek(max(0, stream.seek(0, io.SEEK_END) - 64))
    return start == b"\xff\xd8\xff" and b"\xff\xd9" in stream.read()
