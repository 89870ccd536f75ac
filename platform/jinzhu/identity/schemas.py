"""Sessions and posts, as sent and received."""

from marshmallow import fields, validate

from jinzhu.core.schema import Document


class CredentialsSchema(Document):
    """Name and password."""

    username = fields.String(required=True, validate=validate.Length(1, 100))
    password = fields.String(required=True, validate=validate.Length(1, 400))


class PasswordChangeSchema(Document):
    """The old password and the new one."""

    current = fields.String(required=True, validate=validate.Length(1, 400))
    new = fields.String(required=True, validate=validate.Length(1, 400))


class PostChoiceSchema(Document):
    """Which of one's posts to act at."""

    post_id = fields.Integer(required=True)


class RoleSchema(Document):
    """A role."""

    code = fields.String(required=True)
    name = fields.String(required=True)


class PostCenterSchema(Document):
    """The center of a post."""

    id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    level = fields.String(required=True)


class PostSchema(Document):
    """A post: center, role, and the departments it is limited to (null: the whole center)."""

    id = fields.Integer(required=True)
    role = fields.Nested(RoleSchema, required=True)
    center = fields.Nested(PostCenterSchema, required=True)
    departments = fields.List(fields.String(), required=True, allow_none=True)


class AccountSchema(Document):
    """The person."""

    id = fields.Integer(required=True)
    username = fields.String(required=True)
    name = fields.String(required=True)


class MeSchema(Document):
    """Who is signed in, at which post, and what the post may do."""

    account = fields.Nested(AccountSchema, required=True)
    must_change_password = fields.Boolean(required=True)
    post = fields.Nested(PostSchema, required=True)
    posts = fields.List(fields.Nested(PostSchema), required=True)
    permissions = fields.List(fields.String(), required=True)
    csrf_token = fields.String(required=True)
    idle_minutes = fields.Integer(required=True)


class HoldersQuery(Document):
    """A permission."""

    permission = fields.String(required=True, validate=validate.Length(1, 100))


class OfficeAboveSchema(Document):
    """A role 角色 at a center above."""

    center = fields.String(required=True)
    role = fields.String(required=True)
    role_name = fields.String(required=True)


class RoleHeldSchema(Document):
    """A role at the own center, with the people whom the reader may see."""

    role = fields.String(required=True)
    role_name = fields.String(required=True)
    people = fields.List(fields.String(), required=True)


class HoldersSchema(Document):
    """Who holds a permission, at the own center and above it."""

    permission = fields.String(required=True)
    name = fields.String(required=True)
    held = fields.Boolean(required=True)
    here = fields.List(fields.Nested(RoleHeldSchema), required=True)
    above = fields.List(fields.Nested(OfficeAboveSchema), required=True)
    text = fields.String(required=True)
