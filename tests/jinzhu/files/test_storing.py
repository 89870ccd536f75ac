"""What may be stored, and that it is stored once, whole and for one center."""

import io
import sys
import zipfile
from dataclasses import replace
from hashlib import sha256

import pytest
from sqlalchemy import func, select, text

from jinzhu.core.db import db
from jinzhu.core.problems import Invalid
from jinzhu.files import contents, service
from jinzhu.files.models import StoredFile

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(32)


def archive(*names):
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w") as made:
        for name in names:
            made.writestr(name, "<x/>")
    return found.getvalue()


DOCX = archive("[Content_Types].xml", "word/document.xml")
XLSX = archive("[Content_Types].xml", "xl/workbook.xml")
OFD = archive("OFD.xml", "Doc_0/Document.xml")
MACROS = archive("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin")


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (PDF, "授权委托书.pdf", "pdf"),
        (PDF, "授权委托书.PDF", "pdf"),
        (PNG, "a.png", "png"),
        (JPG, "a.jpg", "jpg"),
        (JPG, "a.jpeg", "jpg"),
        (DOCX, "a.docx", "docx"),
        (XLSX, "a.xlsx", "xlsx"),
        (OFD, "a.ofd", "ofd"),
    ],
)
def test_a_document_is_known_by_its_content(content, name, kind):
    assert contents.type_of(content, name) == contents.TYPES[kind]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.pdf", "空"),
        (b"<html><script>alert(1)</script></html>", "a.pdf", "不接受"),
        (b"MZ" + bytes(64), "a.pdf", "不接受"),
        (b"only words", "a.pdf", "不接受"),
        (archive("a.txt"), "a.docx", "不接受"),
        (MACROS, "a.xlsx", "不接受"),
        (b"PK\x03\x04" + bytes(64), "a.docx", "不接受"),
        (PDF, "a.png", "内容是 pdf"),
        (PDF, "a", "内容是 pdf"),
        (PDF + bytes(contents.MOST_BYTES), "a.pdf", "10.0 MB"),
    ],
)
def test_anything_else_is_refused_with_the_reason(content, name, said):
    with pytest.raises(Invalid) as caught:
        contents.type_of(content, name)
    (fault,) = caught.value.errors
    assert (fault.field, fault.value) == ("file", name)
    assert said in fault.message


def test_the_same_content_is_stored_once_in_a_center(at):
    with at("广安区"):
        first = service.store(PDF, name="a.pdf")
        again = service.store(PDF, name="b.pdf")
        assert first.id == again.id
        assert (first.type, first.size) == ("application/pdf", len(PDF))
        assert first.sha256 == sha256(PDF).hexdigest()
    with at("武胜县"):
        assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 0
        service.store(PDF, name="a.pdf")
        assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 1


def test_what_is_stored_is_the_same_when_it_is_read(at):
    whole = PDF + bytes(range(256)) * 4096
    with at("广安区"):
        number = service.store(whole, name="a.pdf").id
    with at("广安区"):
        found = db.session.scalars(select(StoredFile).where(StoredFile.id == number)).one()
        assert found.content == whole


def test_the_change_log_tells_that_a_file_came_and_not_what_is_in_it(at):
    with at("广安区"):
        number = service.store(PDF, name="a.pdf").id
        logged = db.session.scalars(
            text("SELECT after FROM change WHERE record = 'stored_file' AND record_id = :id"),
            {"id": number},
        ).one()
        assert logged["sha256"] == sha256(PDF).hexdigest()
        assert "content" not in logged


@pytest.fixture
def scanner(app):
    """Put a program of our own in front of what is stored."""
    before = app.config["SETTINGS"]

    def scans(program):
        command = f'{sys.executable} -c "{program}"'
        app.config["SETTINGS"] = replace(before, scan_command=command)

    yield scans
    app.config["SETTINGS"] = before


def test_the_scanner_sees_the_whole_content_and_lets_it_pass(at, scanner):
    scanner(f"import sys; sys.exit(len(sys.stdin.buffer.read()) != {len(PDF)})")
    with at("广安区"):
        assert service.store(PDF, name="a.pdf").id


def test_what_the_scanner_refuses_is_not_stored_and_its_words_are_told(at, scanner):
    scanner("print('Eicar-Test-Signature'); raise SystemExit(1)")
    with pytest.raises(Invalid) as caught, at("广安区"):
        service.store(PDF, name="a.pdf")
    assert "Eicar-Test-Signature" in caught.value.errors[0].message
    with at("广安区"):
        assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 0


@pytest.mark.parametrize("program", ["raise SystemExit(2)", "import os; os.kill(os.getpid(), 9)"])
def test_a_scanner_that_does_not_work_lets_nothing_pass(at, scanner, program):
    scanner(program)
    with pytest.raises(service.ScanFailed), at("广安区"):
        service.store(PDF, name="a.pdf")


def test_a_scanner_that_is_not_there_lets_nothing_pass(at, app, scanner):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], scan_command="/nowhere/scan --now")
    with pytest.raises(service.ScanFailed), at("广安区"):
        service.store(PDF, name="a.pdf")
