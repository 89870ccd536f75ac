"""Personal data as it is shown to those who need no more: 张*, 138****1234, z***@example.com."""

MIDDLE = "****"
#: From this length on a number keeps its begin and its end.
LONG = 7


def person(name: str) -> str:
    """Return a name with its first character alone."""
    name = name.strip()
    return name[:1] + "*" * max(len(name) - 1, 1) if name else ""


def number(digits: str, *, begin: int = 3, end: int = 4) -> str:
    """Return a phone number, or one of an identity, with its begin and its end alone."""
    digits = digits.strip()
    if len(digits) < max(LONG, begin + end):
        return digits[:1] + MIDDLE if digits else ""
    return digits[:begin] + "*" * (len(digits) - begin - end) + digits[-end:]


def contact(text: str) -> str:
    """Return a way to reach somebody, whatever it is, with little of it."""
    text = text.strip()
    name, at, place = text.partition("@")
    if at:
        return f"{name[:1]}***@{place}"
    if sum(sign.isdigit() for sign in text) >= LONG and text[:1].isascii():
        return number(text)
    return text[:1] + MIDDLE if text else ""
