"""How rules speak of an effective record in SQL: `record.v` is what a center shows, as JSON.

A value that is not there is null; a list that is not there is empty.
"""

#: What people write where there is nothing to say.
NOTHING = ("", "无", "/", "-", "—", "不涉及", "无需到现场")
_NOTHING = ", ".join(f"'{word}'" for word in NOTHING)


def value(field: str) -> str:
    """Return a field as text."""
    return f"(record.v ->> '{field}')"


def number(field: str) -> str:
    """Return a field as a number; null where it holds something else."""
    plain = f"jsonb_typeof(record.v -> '{field}') = 'number'"
    return f"(CASE WHEN {plain} THEN (record.v ->> '{field}')::numeric END)"


def blank(field: str) -> str:
    """Return whether a field says nothing."""
    return f"(coalesce(btrim({value(field)}), '') IN ({_NOTHING}))"


def parts(field: str) -> str:
    """Return a list as rows `part (it)`, for a FROM."""
    is_list = f"jsonb_typeof(record.v -> '{field}') = 'array'"
    lines = f"CASE WHEN {is_list} THEN record.v -> '{field}' ELSE '[]' END"
    return f"jsonb_array_elements({lines}) part (it)"


def count(field: str, condition: str = "true") -> str:
    """Return how many parts of a list meet a condition."""
    return f"(SELECT count(*) FROM {parts(field)} WHERE {condition})"


def total(field: str, column: str) -> str:
    """Return the sum of a column of a list."""
    return f"(SELECT coalesce(sum((it ->> '{column}')::numeric), 0) FROM {parts(field)})"


def names(field: str, condition: str) -> str:
    """Return the names of the parts of a list that meet a condition, one after the other."""
    return (
        "(SELECT string_agg(coalesce(it ->> 'name', it ->> 'code'), '、')"
        f" FROM {parts(field)} WHERE {condition})"
    )


def has(field: str, choice: str) -> str:
    """Return whether a choice is among those of a field."""
    return f"(coalesce(record.v -> '{field}' ? '{choice}', false))"


def digits(field: str) -> str:
    """Return the digits of a telephone number, however it is written."""
    return f"regexp_replace({value(field)}, '[^0-9]', '', 'g')"
