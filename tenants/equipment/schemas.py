"""Special equipment as it comes and goes over HTTP."""

from marshmallow import fields, validate

from jinzhu.core.schema import Document, PageQuery
from tenants.equipment.models import KINDS, Owner

OWNERS = [one.value for one in Owner]
SHORT, LINE, WORDS = (validate.Length(max=number) for number in (64, 100, 500))


def _number() -> fields.Integer:
    return fields.Integer(load_default=None, allow_none=True)


class EquipmentQuery(PageQuery):
    """Which equipment; without a state, what is there."""

    department = fields.String(load_default="", validate=SHORT)
    item = fields.Integer(load_default=None)
    kind = fields.String(load_default="", validate=validate.OneOf(["", *KINDS]))
    owner = fields.String(load_default="", validate=validate.OneOf(["", *OWNERS]))
    hall = fields.Integer(load_default=None)
    window = fields.Integer(load_default=None)
    state = fields.String(load_default="", validate=validate.OneOf(["", "gone"]))


class EquipmentInSchema(Document):
    """What is said of equipment that came; a window says which hall."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    name = fields.String(required=True, validate=LINE)
    quantity = fields.Integer(load_default=1, strict=True, validate=validate.Range(1, 9999))
    owner = fields.String(required=True, validate=validate.OneOf(OWNERS))
    serial = fields.String(load_default="", validate=LINE)
    item_id = _number()
    hall_id = _number()
    window_id = _number()
    place = fields.String(load_default="", validate=LINE)
    since = fields.Date(required=True)
    remark = fields.String(load_default="", validate=WORDS)


class EquipmentChangeSchema(EquipmentInSchema):
    """What is said of equipment; with a last day it was taken away."""

    until = fields.Date(load_default=None, allow_none=True)


class EquipmentRemovalSchema(Document):
    """Equipment that was taken away on a day; without numbers, all of the department."""

    ids = fields.List(fields.Integer(), load_default=list, validate=validate.Length(max=200))
    day = fields.Date(required=True)
    remark = fields.String(load_default="", validate=WORDS)


class EquipmentSchema(Document):
    """Equipment of a department, with where it stands in words."""

    id = fields.Integer(required=True)
    provision_id = fields.Integer(required=True)
    department_code = fields.String(required=True)
    department_name = fields.String(required=True)
    item_id = fields.Integer(required=True, allow_none=True)
    item_name = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    kind_label = fields.String(required=True)
    name = fields.String(required=True)
    quantity = fields.Integer(required=True)
    owner = fields.String(required=True, validate=validate.OneOf(OWNERS))
    owner_label = fields.String(required=True)
    serial = fields.String(required=True)
    hall_id = fields.Integer(required=True, allow_none=True)
    hall_name = fields.String(required=True, allow_none=True)
    window_id = fields.Integer(required=True, allow_none=True)
    window_number = fields.String(required=True, allow_none=True)
    place = fields.String(required=True)
    where = fields.String(required=True)
    since = fields.String(required=True)
    until = fields.String(required=True, allow_none=True)
    remark = fields.String(required=True)
    version = fields.Integer(required=True)


class EquipmentListSchema(Document):
    """What a department has and had."""

    rows = fields.List(fields.Nested(EquipmentSchema), required=True)


class EquipmentRemovedSchema(EquipmentListSchema):
    """What a department has and had after some was taken away, and how many lines were marked."""

    marked = fields.Integer(required=True)


class _ChoiceSchema(Document):
    id = fields.Integer(required=True)
    name = fields.String(required=True)


class EquipmentItemSchema(_ChoiceSchema):
    """An item that equipment can be for."""

    code = fields.String(required=True)


class EquipmentHallSchema(_ChoiceSchema):
    """A hall in which equipment can stand."""


class EquipmentWindowSchema(_ChoiceSchema):
    """A window at which equipment can stand."""

    hall_id = fields.Integer(required=True)
    number = fields.String(required=True)


class EquipmentChoicesSchema(Document):
    """What equipment of a department can be for, and where it can stand."""

    items = fields.List(fields.Nested(EquipmentItemSchema), required=True)
    halls = fields.List(fields.Nested(EquipmentHallSchema), required=True)
    windows = fields.List(fields.Nested(EquipmentWindowSchema), required=True)
