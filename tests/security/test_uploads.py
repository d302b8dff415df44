"""Uploads are judged by content, stored under random private names, and sent so that nothing in them can run."""

import codecs
import io
import stat
import zipfile
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from microcities.access.uploads import (
    CSV,
    JPEG,
    PDF,
    PNG,
    XLSX,
    CheckedUpload,
    UploadRefused,
    checked_upload,
    keep_upload,
    private_file,
    safe_name,
)

ALL = (CSV, XLSX, PDF, PNG, JPEG)
NAMES = "vārds;uzvārds\nŽanis;Ķēniņš\n"
PNG_BYTES = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 17 + b"\x00\x00\x00\x00IEND\xaeB`\x82"
JPEG_BYTES = b"\xff\xd8\xff\xe0" + b"\x00" * 40 + b"\xff\xd9"
PDF_BYTES = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"


def upload(name: str, content: bytes, accepts: tuple[str, ...] = ALL, **fields: object) -> CheckedUpload:
    return checked_upload(SimpleUploadedFile(name, content), accepts=accepts, **fields)


def workbook() -> bytes:
    book, out = Workbook(), io.BytesIO()
    book.active.append(["vārds", "uzvārds"])
    book.save(out)
    return out.getvalue()


def archive(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (NAMES.encode(), "utf-8"),
        (codecs.BOM_UTF8 + NAMES.encode(), "utf-8-sig"),
        (NAMES.encode("utf-16"), "utf-16"),
        (NAMES.encode("windows-1257"), "windows-1257"),
    ],
)
def test_csv_in_four_encodings_is_read(content: bytes, encoding: str) -> None:
    found = upload("saraksts.CSV", content)
    assert (found.kind, found.encoding) == (CSV, encoding)
    assert found.content.read().decode(encoding) == NAMES


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.xlsx", workbook(), XLSX), ("a.pdf", PDF_BYTES, PDF), ("a.png", PNG_BYTES, PNG), ("a.jpg", JPEG_BYTES, JPEG),
        ("a.jpeg", JPEG_BYTES, JPEG),
    ],
)
def test_right_content_is_taken(name: str, content: bytes, kind: str) -> None:
    assert upload(name, content).kind == kind


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b"a;b\x00c"),
        ("a.csv", workbook()),
        ("a.csv", NAMES.encode("utf-16-le")),
        ("a.xlsx", b"PK\x03\x04 not a zip"),
        ("a.xlsx", archive({"hello.txt": b"x"})),
        ("a.xlsx", archive({"[Content_Types].xml": b"x", "xl/workbook.xml": b"x", "../out.xml": b"x"})),
        ("a.xlsx", archive({"[Content_Types].xml": b"x", "xl/workbook.xml": b"x", "xl/vbaProject.bin": b"x"})),
        ("a.pdf", b"%PDF-1.7 cut off"),
        ("a.pdf", b"<script>%PDF-1.7 %%EOF"),
        ("a.png", JPEG_BYTES),
        ("a.jpg", PNG_BYTES),
        ("a.html", b"<script>alert(1)</script>"),
        ("a.svg", b"<svg/>"),
        ("a.csv.exe", b"MZ"),
        ("a", b"a;b"),
        ("a.csv", b""),
    ],
)
def test_wrong_content_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(UploadRefused):
        upload(name, content)


def test_type_that_is_not_asked_for_is_refused() -> None:
    with pytest.raises(UploadRefused, match="CSV, XLSX"):
        upload("a.pdf", PDF_BYTES, accepts=(CSV, XLSX))


def test_size_limit_holds() -> None:
    assert upload("a.csv", b"a" * 1024, max_bytes=1024).size == 1024
    with pytest.raises(UploadRefused):
        upload("a.csv", b"a" * 1025, max_bytes=1024)


def test_zip_bomb_is_refused() -> None:
    bomb = archive({"[Content_Types].xml": b"x", "xl/workbook.xml": b"x", "xl/sheet.xml": b"0" * 20_000_000})
    assert len(bomb) < 30_000
    with pytest.raises(UploadRefused):
        upload("a.xlsx", bomb)


def test_zip_bomb_that_lies_about_its_size_is_refused() -> None:
    content = archive({"[Content_Types].xml": b"x", "xl/workbook.xml": b"x", "xl/sheet.xml": b"0" * 20_000_000})
    real = (20_000_000).to_bytes(4, "little")
    assert content.count(real) == 2
    with pytest.raises(UploadRefused):
        upload("a.xlsx", content.replace(real, (100).to_bytes(4, "little")))


@given(st.binary(max_size=400), st.sampled_from([".csv", ".xlsx", ".pdf", ".png", ".jpg"]))
def test_any_bytes_are_taken_or_refused_and_never_break_the_check(content: bytes, ending: str) -> None:
    try:
        found = upload(f"a{ending}", content)
    except UploadRefused:
        return
    if found.kind == CSV:
        content.decode(found.encoding)


@given(st.text(max_size=300))
def test_any_name_becomes_a_safe_one(name: str) -> None:
    found = safe_name(name)
    assert 0 < len(found) <= 130
    assert found.isprintable()
    assert not set(found) & set('/\\"<>|:*?')
    assert found not in {".", ".."}


def test_ending_survives_a_long_name() -> None:
    assert safe_name("C:\\mape\\" + "a" * 300 + ".xlsx").endswith("a.xlsx")
    assert safe_name("../../etc/passwd") == "passwd"


@pytest.fixture
def storage(tmp_path: Path, settings: object) -> Path:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path), "file_permissions_mode": 0o600},
        },
    }
    return tmp_path


def test_kept_file_has_a_random_name_and_is_private(storage: Path) -> None:
    path = keep_upload(upload("mans saraksts.csv", NAMES.encode()), folder="imports")
    assert path.startswith("imports/")
    assert "saraksts" not in path
    assert stat.S_IMODE((storage / path).stat().st_mode) == 0o600
    with default_storage.open(path) as kept:
        assert kept.read() == NAMES.encode()


def test_folder_cannot_lead_out_of_the_storage(storage: Path) -> None:
    with pytest.raises(ValueError, match="no folder"):
        keep_upload(upload("a.csv", b"a"), folder="../out")


def test_private_file_is_sent_as_attachment_that_cannot_run(storage: Path) -> None:
    path = keep_upload(upload("a.pdf", PDF_BYTES), folder="proofs")
    response = private_file(path, 'a"\r\nX: y.pdf')
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, no-store"
    assert "\n" not in response["Content-Disposition"]
    assert b"".join(response.streaming_content) == PDF_BYTES
