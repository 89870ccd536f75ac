"""Keys that are looked up for all rows of a statement at once, or not needed.

A push to a province writes some thousand rows for which each key was checked by itself. The entries
of an edition are only ever added (nobody may change or delete an entry or a revision), so whether
each names a revision of its own provision is asked once, when they are. What triggers note of a
center comes from rows that name the center already.
"""

from alembic import op

revision = "0017"
down_revision = "0016"

ENTRY_KEY = "fk_edition_entry_provision_id_revision_id"
NOTED = ("entry_touched", "quality_touched")

_FINAL = """
CREATE OR REPLACE FUNCTION app.keep_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM edition WHERE number IS NOT NULL
               AND id IN (SELECT edition_id FROM new_rows)) THEN
        RAISE EXCEPTION 'nothing is added to a published edition'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'published_is_final';
    END IF;
    -- Thousands of entries are written at once for one edition: looked up once, not for each.
    IF EXISTS (SELECT edition_id, owner_id FROM new_rows EXCEPT SELECT id, owner_id FROM edition)
    THEN
        RAISE EXCEPTION 'an entry belongs to an edition of its owner'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'entry_of_edition';
    END IF;
    {more}
    RETURN NULL;
END $$;
"""
#: OFFSET 0: by key.  How many rows were added is not known when this is planned.
_OF_PROVISION = """
    IF EXISTS (
        SELECT FROM new_rows n LEFT JOIN LATERAL (SELECT r.id FROM revision r
            WHERE r.id = n.revision_id AND r.provision_id = n.provision_id OFFSET 0) r ON true
        WHERE r.id IS NULL)
    THEN
        RAISE EXCEPTION 'an entry names a revision of its provision'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'entry_of_provision';
    END IF;
"""


def upgrade() -> None:
    op.execute(_FINAL.format(more=_OF_PROVISION))
    op.drop_constraint(op.f(ENTRY_KEY), "edition_entry")
    for table in NOTED:
        op.drop_constraint(op.f(f"fk_{table}_tenant_id"), table)


def downgrade() -> None:
    for table in NOTED:
        op.create_foreign_key(op.f(f"fk_{table}_tenant_id"), table, "center", ["tenant_id"], ["id"])
    op.create_foreign_key(
        op.f(ENTRY_KEY),
        "edition_entry",
        "revision",
        ["provision_id", "revision_id"],
        ["provision_id", "id"],
    )
    op.execute(_FINAL.format(more=""))
