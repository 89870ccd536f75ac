"""The check character of a unified social credit code, to hold many codes against at once."""

from alembic import op

revision = "0009"
down_revision = "0008"

#: GB 32100: a letter stands for its place in an alphabet without I, O, S, V, Z; place i weighs
#: 3^(i-1) modulo 31; the last character makes the sum a multiple of 31.
CREDIT_CODE = """
CREATE FUNCTION app.credit_code_fits(code text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(code ~ '^[0-9A-HJ-NP-RTUWXY]{18}$' AND (
        SELECT sum((strpos(alphabet, substr(code, place::int, 1)) - 1) * weight) % 31
        FROM (SELECT '0123456789ABCDEFGHJKLMNPQRTUWXY' AS alphabet) a,
            unnest('{1,3,9,27,19,26,16,17,20,29,25,13,8,24,10,30,28,1}'::int[])
                WITH ORDINALITY w (weight, place)) = 0, false) $$;
"""


def upgrade() -> None:
    op.execute(CREDIT_CODE)


def downgrade() -> None:
    op.execute("DROP FUNCTION app.credit_code_fits(text)")
