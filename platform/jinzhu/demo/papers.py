"""The page that stands in the demo for every paper that an office would have signed and scanned."""

_WORDS = "Jinzhu demonstration: this page stands for a signed paper."
_DRAWN = f"BT /F1 14 Tf 72 760 Td ({_WORDS}) Tj ET"
_OBJECTS = (
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
    " /Resources << /Font << /F1 5 0 R >> >> >>",
    f"<< /Length {len(_DRAWN)} >>\nstream\n{_DRAWN}\nendstream",
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
)


def page() -> bytes:
    """Return the page as PDF."""
    written, places = "%PDF-1.4\n", []
    for number, one in enumerate(_OBJECTS, 1):
        places.append(len(written))
        written += f"{number} 0 obj\n{one}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    count = len(_OBJECTS) + 1
    trailer = f"trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{len(written)}\n%%EOF\n"
    return f"{written}xref\n0 {count}\n0000000000 65535 f \n{table}{trailer}".encode("ascii")
