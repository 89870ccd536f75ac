"""What was approved is the bound of an exemption, and what stands above stays as it was said.

A field that is exempt keeps its value and its rule from above, as `standing`, and carries beside
them what was granted, by whom and until when; `upper` is the owner's own bound where a city alone
has let off.  Records are put together anew with the next push or pin that touches them.
"""

from pathlib import Path
from runpy import run_path

from alembic import op

revision = "0020"
down_revision = "0019"

BEFORE = run_path(str(Path(__file__).with_name("0003_layers.py")))

BEYOND = """
-- What of a change to a list of parts was not granted.  Of a column with a bound the granted cell
-- is the outermost one.
CREATE FUNCTION app.ungranted(granted jsonb, changes jsonb, columns jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object(
        'drop', (SELECT jsonb_agg(code) FROM jsonb_array_elements(changes -> 'drop') code
            WHERE NOT coalesce(granted -> 'drop' @> code, false)),
        'add', (SELECT jsonb_agg(part) FROM jsonb_array_elements(changes -> 'add') part
            WHERE NOT EXISTS (SELECT FROM jsonb_array_elements(granted -> 'add') leave
                WHERE leave = part)),
        'set', (SELECT jsonb_object_agg(code, cells) FROM (
            SELECT part.key AS code, jsonb_object_agg(cell.key, cell.value) AS cells
            FROM jsonb_each(changes -> 'set') part
            CROSS JOIN LATERAL jsonb_each(part.value) cell
            CROSS JOIN LATERAL (
                SELECT granted -> 'set' -> part.key -> cell.key AS value) leave
            WHERE leave.value IS NULL OR NOT (cell.value = leave.value
                OR jsonb_typeof(cell.value) = 'number' AND jsonb_typeof(leave.value) = 'number'
                AND CASE columns ->> cell.key WHEN 'at_most' THEN cell.value < leave.value
                    WHEN 'at_least' THEN cell.value > leave.value ELSE false END)
            GROUP BY 1) rest))) $$;

-- Does a value go beyond what an exemption has granted?
CREATE FUNCTION app.beyond(bound jsonb, value jsonb) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    standing jsonb := bound -> 'standing';
    rest jsonb;
BEGIN
    IF bound ? 'upper' AND app.breaks(bound -> 'upper', value) THEN
        RETURN true;
    ELSIF value = bound -> 'granted' THEN
        RETURN false;
    ELSIF jsonb_typeof(value) = 'object' THEN
        rest := app.ungranted(bound -> 'granted', value, standing -> 'columns');
        RETURN rest <> '{}' AND app.breaks(standing, rest);
    END IF;
    RETURN app.breaks(standing || jsonb_build_object('bound', bound -> 'granted'), value);
END $$;
"""

#: One more case each in functions that are otherwise as they were.
FREE = "WHEN 'exempt' THEN false"
BOUNDED = "WHEN 'exempt' THEN bound ? 'granted' AND app.beyond(bound, value)"
EXEMPT_ONCE = """
        IF pin.value = '"exempt"' THEN
            standing.rules := standing.rules || jsonb_build_object(pin.key,
                coalesce(standing.rules -> pin.key, '{}') || '{"rule": "exempt"}');
            CONTINUE;
        END IF;"""
EXEMPT_NOW = """
        IF jsonb_typeof(pin.value) = 'object' THEN
            CONTINUE WHEN pin.value -> 'granted' = 'null';
            SELECT * INTO earlier FROM revision WHERE id = CASE
                WHEN standing.layers ? 'amendment' THEN (standing.layers ->> 'base')::bigint
                ELSE base END;
            standing.rules := standing.rules || jsonb_build_object(pin.key,
                coalesce(standing.rules -> pin.key, '{}') || pin.value || jsonb_build_object(
                    'rule', 'exempt',
                    'standing', coalesce(standing.bounds -> pin.key, '{"rule": "fixed"}'))
                || CASE WHEN (pin.value ->> 'by')::int = earlier.owner_id THEN '{}'
                    ELSE jsonb_build_object('upper',
                        coalesce(earlier.bounds -> pin.key, '{"rule": "fixed"}')) END);
            CONTINUE;
        END IF;"""
KEPT = "(NEW.decider_id, NEW.provision_id, NEW.field)"
KEPT_BEFORE = "(OLD.decider_id, OLD.provision_id, OLD.field)"


def _function(source: str, name: str) -> str:
    """Return the statement that makes a function, as one that replaces it."""
    body = BEFORE[source].split(f"CREATE FUNCTION app.{name}(")[1]
    end = "END $$;" if "plpgsql" in body.split("$$")[0] else "$$;"
    return f"CREATE OR REPLACE FUNCTION app.{name}({body.split(end)[0]}{end}"


def _guard(*, value: bool) -> str:
    guard = _function("EXEMPTION", "guard_exemption")
    if not value:
        return guard
    new, old = KEPT.replace(")", ", NEW.value)"), KEPT_BEFORE.replace(")", ", OLD.value)")
    return guard.replace(KEPT, new).replace(KEPT_BEFORE, old)


def upgrade() -> None:
    op.execute(BEYOND)
    op.execute(_function("RULES", "breaks").replace(FREE, BOUNDED))
    op.execute(_function("LAYERS", "derived").replace(EXEMPT_ONCE, EXEMPT_NOW))
    op.execute(_guard(value=True))


def downgrade() -> None:
    op.execute(_guard(value=False))
    op.execute(_function("LAYERS", "derived"))
    op.execute(_function("RULES", "breaks"))
    op.execute("DROP FUNCTION app.beyond(jsonb, jsonb)")
    op.execute("DROP FUNCTION app.ungranted(jsonb, jsonb, jsonb)")
