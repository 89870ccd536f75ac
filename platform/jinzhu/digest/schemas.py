"""The digest by mail, as sent and received."""

from marshmallow import fields, validate

from jinzhu.core.language import LANGUAGES
from jinzhu.core.schema import Document
from jinzhu.digest.models import AddressState, Frequency, LetterState, Purpose


class MailAddressInSchema(Document):
    """Where to send to."""

    address = fields.String(required=True, validate=validate.Length(1, 400))


class DigestInSchema(Document):
    """How often, at which hour of the day in China, in which language."""

    frequency = fields.String(
        required=True, validate=validate.OneOf([one.value for one in Frequency])
    )
    hour = fields.Integer(required=True, validate=validate.Range(0, 23))
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))


class LastLetterSchema(Document):
    """The newest letter, and what became of it."""

    purpose = fields.String(required=True, validate=validate.OneOf([one.value for one in Purpose]))
    state = fields.String(required=True, validate=validate.OneOf([o.value for o in LetterState]))
    day = fields.Date(required=True)
    at = fields.String(required=True)
    attempts = fields.Integer(required=True)
    code = fields.String(required=True)


class DigestSchema(Document):
    """What the person wants by mail of the posts at this center; the address is masked."""

    configured = fields.Boolean(required=True)
    center = fields.String(required=True)
    address = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf([o.value for o in AddressState]))
    confirm_until = fields.String(required=True, allow_none=True)
    frequency = fields.String(
        required=True, validate=validate.OneOf([one.value for one in Frequency])
    )
    hour = fields.Integer(required=True)
    language = fields.String(required=True)
    next_on = fields.Date(required=True, allow_none=True)
    last = fields.Nested(LastLetterSchema, required=True, allow_none=True)
