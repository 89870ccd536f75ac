"""Setting a form as PDF: a template of the folder `forms`, filled with values.

The forms are official papers of Chinese offices, so their words are Chinese in every language of
the console.  Values come in as data and never as markup, so that a name cannot change a form; the
fonts come with the product, so that every server prints the same.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pylopdf_fonts_zh_cn
import typst

FORMS = Path(__file__).parent / "forms"
PDF = "application/pdf"


@cache
def _fonts() -> typst.Fonts:
    """Return the fonts: read once, and none of those that a server happens to have."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[pylopdf_fonts_zh_cn.serif_path().parent],
    )


def pdf(form: str, values: Mapping[str, Any]) -> bytes:
    """Return a form as PDF, filled with values."""
    made = typst.compile(
        FORMS / f"{form}.typ",
        root=FORMS,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"values": orjson.dumps(dict(values), default=str).decode()},
    )
    assert isinstance(made, bytes)
    return made
