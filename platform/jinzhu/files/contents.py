"""What may be stored: a few types of document, told by what stands in the file and not by its name.

A program with another ending, a page with a script in it, a workbook with macros: none of them
becomes harmless by being called 授权委托书.pdf.
"""

from io import BytesIO
from pathlib import PurePath
from zipfile import BadZipFile, ZipFile

import puremagic

from jinzhu.core.problems import invalid

MOST_BYTES = 10 * 1024 * 1024
MEGABYTE = 1024 * 1024
#: Media type of each type that is taken, by the ending of its names.
TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ofd": "application/ofd",
}
#: Endings that mean one of these.
ALSO = {"jpeg": "jpg"}
#: What lies in an archive that is a document of a type.
INSIDE = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "ofd": "OFD.xml"}
MACROS = "vbaProject.bin"
ARCHIVE = b"PK\x03\x04"
#: Shown in the page itself; all others are downloaded.
SHOWN = (TYPES["pdf"], TYPES["jpg"], TYPES["png"])


def type_of(content: bytes, name: str) -> str:
    """Return the media type of a content that may be stored under a name.

    Raises:
        Invalid: of the field `file`, if it is empty, too large or of another type than its name.
    """
    if not content:
        raise invalid("file", "file.empty", value=name, rule="type")
    if len(content) > MOST_BYTES:
        size, most = f"{len(content) / MEGABYTE:.1f}", MOST_BYTES // MEGABYTE
        raise invalid("file", "file.too_large", value=name, rule="size", size=size, most=most)
    found = _found(content)
    if found not in TYPES:
        raise invalid("file", "file.type", value=name, rule="type", types="、".join(sorted(TYPES)))
    ending = PurePath(name).suffix.lower().removeprefix(".")
    if ALSO.get(ending, ending) != found:
        raise invalid("file", "file.named", value=name, rule="type", found=found)
    return TYPES[found]


def _found(content: bytes) -> str:
    """Return the ending that a content deserves; '' if nobody knows it."""
    if content.startswith(ARCHIVE):
        return _inside(content)
    try:
        found = {one.extension.removeprefix(".") for one in puremagic.magic_string(content)}
    except puremagic.PureError:
        return ""
    return next((ending for ending in ("pdf", "jpg", "png") if ending in found), "")


def _inside(content: bytes) -> str:
    """Return what an archive is, by the names in it alone; nothing is unpacked."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (BadZipFile, ValueError, NotImplementedError):
        return ""
    if any(PurePath(name).name == MACROS for name in names):
        return ""
    return next((ending for ending, part in INSIDE.items() if part in names), "")
