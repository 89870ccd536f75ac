"""Own items, what they could be in a catalogue, and lists to import, as sent and received."""

from marshmallow import fields, validate

from jinzhu.core.schema import Document, PageQuery
from jinzhu.standards.own.own_import import RESULTS
from jinzhu.standards.own.takeover import MATCHES
from jinzhu.standards.schemas import Whole

MOST_PAIRS = 2000
MOST_FILE = 14_000_000  # characters of base64: ten megabytes


class OwnQuery(PageQuery):
    """Which own items."""

    item_type = fields.String(load_default="")
    department = fields.String(load_default="")


class OwnItemRowSchema(Document):
    """An own item in the list."""

    provision_id = fields.Integer(required=True)
    record_id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    item_type = fields.String(required=True)
    department_code = fields.String(required=True)
    department_name = fields.String(required=True)
    missing = fields.Integer(required=True)
    updated_at = fields.String(required=True)


class OwnItemInSchema(Document):
    """Values of an own item by field; null empties one."""

    content = fields.Dict(keys=fields.String(), values=Whole(allow_none=True), required=True)


class OwnItemSchema(Document):
    """An own item 本地事项 with all its values."""

    provision_id = fields.Integer(required=True)
    record_id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    content = fields.Dict(required=True)
    version = fields.Integer(required=True)


class OwnDepartmentSchema(Document):
    """A department that an own item may belong to."""

    code = fields.String(required=True)
    name = fields.String(required=True)


class OwnDepartmentsSchema(Document):
    """The departments that the standards around a center know."""

    rows = fields.List(fields.Nested(OwnDepartmentSchema), required=True)


class OwnImportSchema(Document):
    """A list to import: CSV or Excel, as base64; nothing is stored without `apply`."""

    file = fields.String(required=True, validate=validate.Length(1, MOST_FILE))
    apply = fields.Boolean(load_default=False)


class OwnImportMessageSchema(Document):
    """What is to be told of a cell."""

    field = fields.String(required=True)
    label = fields.String(required=True)
    value = Whole(required=True, allow_none=True)
    message = fields.String(required=True)


class OwnImportRowSchema(Document):
    """What a row becomes."""

    row = fields.Integer(required=True)
    result = fields.String(required=True, validate=validate.OneOf(RESULTS))
    code = fields.String(required=True)
    name = fields.String(required=True)
    department_name = fields.String(required=True)
    messages = fields.List(fields.Nested(OwnImportMessageSchema), required=True)


class OwnImportCountsSchema(Document):
    """How many rows became what."""

    new = fields.Integer(required=True)
    changed = fields.Integer(required=True)
    same = fields.Integer(required=True)
    refused = fields.Integer(required=True)


class OwnImportedSchema(Document):
    """What became, or would become, of a list."""

    applied = fields.Boolean(required=True)
    columns = fields.List(fields.String(), required=True)
    counts = fields.Nested(OwnImportCountsSchema, required=True)
    rows = fields.List(fields.Nested(OwnImportRowSchema), required=True)


class TakeoverQuery(PageQuery):
    """Which own items, by how a counterpart was found."""

    match = fields.String(load_default="", validate=validate.OneOf(["", *MATCHES]))


class OwnSideSchema(Document):
    """An own item to be matched."""

    provision_id = fields.Integer(required=True)
    record_id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    department_name = fields.String(required=True)


class TakeoverCandidateSchema(Document):
    """An item of a catalogue that an own one could be."""

    provision_id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    department_name = fields.String(required=True)
    match = fields.String(required=True, validate=validate.OneOf(MATCHES))
    score = fields.Float(required=True)
    standard = fields.String(required=True)
    edition = fields.Integer(required=True)
    owner = fields.String(required=True)
    claim = fields.String(required=True)


class TakeoverSuggestionSchema(Document):
    """An own item with what it could be."""

    own = fields.Nested(OwnSideSchema, required=True)
    match = fields.String(required=True)
    sure = fields.Boolean(required=True)
    candidates = fields.List(fields.Nested(TakeoverCandidateSchema), required=True)


class MatchCountsSchema(Document):
    """How many own items were found in which way."""

    code = fields.Integer(required=True)
    name = fields.Integer(required=True)
    alike = fields.Integer(required=True)
    none = fields.Integer(required=True)


class TakeoverSuggestionsSchema(Document):
    """A page of own items with what each could be."""

    rows = fields.List(fields.Nested(TakeoverSuggestionSchema), required=True)
    total = fields.Integer(required=True)
    page = fields.Integer(required=True)
    per_page = fields.Integer(required=True)
    counts = fields.Nested(MatchCountsSchema, required=True)
    sure = fields.Integer(required=True)


class TakeoverPairSchema(Document):
    """An own item and the provision that takes its place."""

    own_provision_id = fields.Integer(required=True)
    provision_id = fields.Integer(required=True)


class TakeoverSchema(Document):
    """Which pairs; `sure` stands for all that are meant without a doubt."""

    pairs = fields.List(
        fields.Nested(TakeoverPairSchema),
        load_default=list,
        validate=validate.Length(max=MOST_PAIRS),
    )
    sure = fields.Boolean(load_default=False)


class LeftBehindSchema(Document):
    """A value that the provision does not take, and why."""

    field = fields.String(required=True)
    label = fields.String(required=True)
    value = Whole(required=True, allow_none=True)
    standard = Whole(required=True, allow_none=True)
    rule = fields.String(required=True)
    message = fields.String(required=True)


class OwnNameSchema(Document):
    """An own item by code and name."""

    code = fields.String(required=True)
    name = fields.String(required=True)


class TakenOverRowSchema(Document):
    """What became of a pair."""

    own = fields.Nested(OwnNameSchema, required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    provision_id = fields.Integer(required=True)
    record_id = fields.Integer(required=True)
    taken = fields.List(fields.String(), required=True)
    left = fields.List(fields.Nested(LeftBehindSchema), required=True)


class TakenOverSchema(Document):
    """What became of all pairs."""

    taken = fields.Integer(required=True)
    rows = fields.List(fields.Nested(TakenOverRowSchema), required=True)


class DroppedItemSchema(Document):
    """An item that the center offered and the standard has given up."""

    record_id = fields.Integer(required=True)
    provision_id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    department_name = fields.String(required=True)
    standard = fields.String(required=True)
    updated_at = fields.String(required=True)
