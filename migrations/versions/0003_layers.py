"""Layers: a city's amendment, what a center has postponed, and conflicts found instead of kept.

What was one table of roll-outs becomes stages, notices and answers; see docs/decisions 0007-0009.
"""

from pathlib import Path
from runpy import run_path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from jinzhu.core.ddl import BELOW, owned, protect

revision = "0003"
down_revision = "0002"

#: What this replaces, and what comes back when it is undone.
BEFORE = run_path(str(Path(__file__).with_name("0002_standards.py")))

RULES = """
-- Of each field that a lower level may set: its rule and, where the rule has one, its bound.  Of a
-- list of parts the bound is what of them can be compared: numbers, by the code of the part.
CREATE FUNCTION app.bounds(content jsonb, rules jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(jsonb_object_agg(field.key, CASE
        WHEN field.value ->> 'rule' IN ('default', 'local', 'exempt')
            OR content -> field.key IS NULL THEN field.value
        WHEN field.value ? 'columns' AND jsonb_typeof(content -> field.key) = 'array' THEN
            field.value || jsonb_build_object('bound', (
                SELECT coalesce(jsonb_object_agg(part ->> 'code', (
                    SELECT coalesce(jsonb_object_agg(cell.key, cell.value), '{}')
                    FROM jsonb_each(part) cell WHERE jsonb_typeof(cell.value) = 'number')), '{}')
                FROM jsonb_array_elements(content -> field.key) part WHERE part ? 'code'))
        ELSE field.value || jsonb_build_object('bound', content -> field.key) END), '{}')
    FROM jsonb_each(rules) field WHERE field.value ->> 'rule' <> 'fixed' $$;

-- Does a change to parts of a list go outside what their columns allow?
CREATE FUNCTION app.breaks_parts(bound jsonb, changes jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT EXISTS (
        SELECT FROM jsonb_each(changes) part
        CROSS JOIN LATERAL jsonb_each(part.value) cell
        WHERE bound -> 'bound' ? part.key
            AND CASE bound -> 'columns' ->> cell.key
                WHEN 'local' THEN false
                WHEN 'at_most' THEN jsonb_typeof(cell.value) <> 'number' OR coalesce(
                    cell.value > bound -> 'bound' -> part.key -> cell.key, false)
                WHEN 'at_least' THEN jsonb_typeof(cell.value) <> 'number' OR coalesce(
                    cell.value < bound -> 'bound' -> part.key -> cell.key, false)
                ELSE true END) $$;

-- The one definition of a field rule: does this local value break it?  `bound` is what app.bounds
-- says of the field; a field it does not name is fixed, and may not be set at all.
CREATE FUNCTION app.breaks(bound jsonb, value jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE bound ->> 'rule'
        WHEN 'at_most' THEN bound ? 'bound'
            AND (jsonb_typeof(value) <> 'number' OR value > bound -> 'bound')
        WHEN 'local' THEN false
        WHEN 'default' THEN false
        WHEN 'at_least' THEN bound ? 'bound'
            AND (jsonb_typeof(value) <> 'number' OR value < bound -> 'bound')
        WHEN 'exempt' THEN false
        WHEN 'subset' THEN CASE jsonb_typeof(value)
            WHEN 'object' THEN value ? 'add' OR app.breaks_parts(bound, value -> 'set')
            ELSE bound ? 'bound' AND NOT value <@ (bound -> 'bound') END
        WHEN 'superset' THEN CASE jsonb_typeof(value)
            WHEN 'object' THEN value ? 'drop' OR app.breaks_parts(bound, value -> 'set')
            ELSE bound ? 'bound' AND NOT bound -> 'bound' <@ value END
        ELSE true END $$;

-- The local values that are in conflict with the standard in force.
CREATE FUNCTION app.broken(bounds jsonb, local jsonb) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(mine.key ORDER BY mine.key), '{}') FROM jsonb_each(local) mine
    WHERE app.breaks(bounds -> mine.key, mine.value) $$;

-- A list of parts with the changes of a lower level, matched by the code of each part.
CREATE FUNCTION app.patched(list jsonb, changes jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(jsonb_agg(part ORDER BY place), '[]') FROM (
        SELECT old.part || coalesce(changes -> 'set' -> (old.part ->> 'code'), '{}'), old.place
        FROM jsonb_array_elements(coalesce(list, '[]')) WITH ORDINALITY AS old (part, place)
        WHERE NOT coalesce(changes -> 'drop' ? (old.part ->> 'code'), false)
        UNION ALL
        SELECT new.part, 1000000 + new.place
        FROM jsonb_array_elements(coalesce(changes -> 'add', '[]'))
            WITH ORDINALITY AS new (part, place)
        WHERE NOT coalesce(list, '[]') @> jsonb_build_array(
            jsonb_build_object('code', new.part -> 'code'))) AS whole (part, place) $$;

-- What a center shows: the standard, and on top of it the local values that it allows.
CREATE FUNCTION app.effective(content jsonb, bounds jsonb, local jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT content || coalesce((
        SELECT jsonb_object_agg(mine.key, CASE jsonb_typeof(mine.value)
            WHEN 'object' THEN app.patched(content -> mine.key, mine.value)
            ELSE mine.value END)
        FROM jsonb_each(local) mine
        WHERE NOT app.breaks(bounds -> mine.key, mine.value)), '{}') $$;
"""

LAYERS = """
-- Of two rules the stricter one; an equally strict one of the lower level stands.
CREATE FUNCTION app.stricter(upper jsonb, lower jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN array_position('{local,default,at_most,at_least,subset,superset,fixed}',
                upper ->> 'rule') <= array_position(
                '{local,default,at_most,at_least,subset,superset,fixed}', lower ->> 'rule')
        THEN CASE WHEN upper ->> 'rule' = 'local' AND lower ->> 'rule' = 'local'
            AND upper ->> 'required' = 'true' THEN upper ELSE upper || lower END
        ELSE upper END $$;

-- The rules of a standard with those of an amendment on top, where its value holds.
CREATE FUNCTION app.merged_rules(upper jsonb, bounds jsonb, content jsonb, lower jsonb)
    RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT upper || coalesce((
        SELECT jsonb_object_agg(mine.key, app.stricter(upper -> mine.key, mine.value))
        FROM jsonb_each(lower) mine
        WHERE upper ? mine.key
            AND NOT (content ? mine.key AND app.breaks(bounds -> mine.key, content -> mine.key))
        ), '{}') $$;

-- The fields that every center has to fill in.
CREATE FUNCTION app.required(rules jsonb) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(field.key ORDER BY field.key), '{}') FROM jsonb_each(rules) field
    WHERE field.value ->> 'rule' = 'local' AND field.value -> 'required' = 'true' $$;

CREATE FUNCTION app.hashed(content jsonb, rules jsonb, applies jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT encode(sha256(convert_to(content::text || rules::text || applies::text, 'UTF8')), 'hex')
    $$;

-- Put amendments on top of editions, once for each pair; the revisions that come of it belong to
-- the owner of the amendment.  Whoever calls it, it writes nothing but what follows from published
-- editions: that is why it may do so for a center that has no right to write them.
CREATE FUNCTION app.merge(editions bigint[], amendments bigint[])
    RETURNS TABLE (edition_id bigint, amendment_id bigint, merged_id bigint)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    fresh bigint[];
BEGIN
    WITH new AS (
        INSERT INTO merged AS m (edition_id, amendment_id, owner_id)
        SELECT DISTINCT e.id, a.id, a.owner_id
        FROM unnest(editions, amendments) AS wanted (upper_id, lower_id)
        JOIN edition e ON e.id = wanted.upper_id AND e.number IS NOT NULL
        JOIN edition a ON a.id = wanted.lower_id AND a.number IS NOT NULL
        JOIN standard s ON s.id = a.standard_id AND s.amends_id = e.standard_id
        ON CONFLICT DO NOTHING RETURNING m.id
    ) SELECT array_agg(id) INTO fresh FROM new;

    INSERT INTO revision (owner_id, provision_id, content, rules, applies, content_hash, layers,
        kind, code, name, name_key, name_initials, item_type, department_code, main_code,
        main_item, levels, regions, labels, required_fields)
    SELECT m.owner_id, b.provision_id, whole.content, whole.rules, b.applies,
        app.hashed(whole.content, whole.rules, b.applies),
        jsonb_build_object('base', b.id, 'amendment', a.id), b.kind, b.code, b.name,
        b.name_key, b.name_initials, b.item_type, b.department_code, b.main_code, b.main_item,
        b.levels, b.regions, b.labels,
        app.required(whole.rules)
    FROM merged m
    JOIN edition_entry lower ON lower.edition_id = m.amendment_id
    JOIN edition_entry upper ON upper.edition_id = m.edition_id
        AND upper.provision_id = lower.provision_id
    JOIN revision b ON b.id = upper.revision_id
    JOIN revision a ON a.id = lower.revision_id
    CROSS JOIN LATERAL (
        SELECT app.effective(b.content, b.bounds, a.content) AS content,
            app.merged_rules(b.rules, b.bounds, a.content, a.rules) AS rules) whole
    WHERE m.id = ANY (fresh) AND NOT EXISTS (
        SELECT FROM revision x WHERE x.provision_id = b.provision_id
            AND x.layers = jsonb_build_object('base', b.id, 'amendment', a.id));

    INSERT INTO merged_entry (merged_id, provision_id, revision_id, owner_id)
    SELECT m.id, lower.provision_id, max(x.id), m.owner_id
    FROM merged m
    JOIN edition_entry lower ON lower.edition_id = m.amendment_id
    JOIN edition_entry upper ON upper.edition_id = m.edition_id
        AND upper.provision_id = lower.provision_id
    JOIN revision x ON x.provision_id = lower.provision_id AND x.layers = jsonb_build_object(
        'base', upper.revision_id, 'amendment', lower.revision_id)
    WHERE m.id = ANY (fresh)
    GROUP BY 1, 2, 4;

    RETURN QUERY SELECT m.edition_id, m.amendment_id, m.id
    FROM unnest(editions, amendments) AS wanted (upper_id, lower_id)
    JOIN merged m ON m.edition_id = wanted.upper_id AND m.amendment_id = wanted.lower_id;
END $$;
REVOKE ALL ON FUNCTION app.merge(bigint[], bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.merge(bigint[], bigint[]) TO jinzhu_web, jinzhu_push;

-- A revision with some fields as an earlier one had them, or free: {"field": revision | "exempt"}.
CREATE FUNCTION app.derived(base bigint, pins jsonb) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    wanted jsonb := jsonb_build_object('base', base, 'pins', pins);
    standing revision;
    earlier revision;
    pin record;
    found bigint;
BEGIN
    SELECT * INTO standing FROM revision WHERE id = base;
    SELECT max(id) INTO found FROM revision
    WHERE provision_id = standing.provision_id AND layers = wanted;
    IF found IS NOT NULL OR standing.id IS NULL THEN
        RETURN found;
    END IF;
    FOR pin IN SELECT * FROM jsonb_each(pins) LOOP
        IF pin.value = '"exempt"' THEN
            standing.rules := standing.rules || jsonb_build_object(pin.key,
                coalesce(standing.rules -> pin.key, '{}') || '{"rule": "exempt"}');
            CONTINUE;
        END IF;
        SELECT * INTO earlier FROM revision
        WHERE id = pin.value::bigint AND provision_id = standing.provision_id;
        CONTINUE WHEN earlier.id IS NULL;
        standing.content := standing.content - pin.key;
        IF earlier.content ? pin.key THEN
            standing.content := standing.content
                || jsonb_build_object(pin.key, earlier.content -> pin.key);
        END IF;
        standing.rules := standing.rules || jsonb_build_object(pin.key,
            coalesce(earlier.rules -> pin.key, '{"rule": "fixed"}'));
        -- Lists are ordered and searched by these, and show what the record shows.
        CASE pin.key
            WHEN 'name' THEN
                standing.name := earlier.name;
                standing.name_key := earlier.name_key;
                standing.name_initials := earlier.name_initials;
            WHEN 'item_type' THEN standing.item_type := earlier.item_type;
            WHEN 'department_code' THEN standing.department_code := earlier.department_code;
            WHEN 'main_code' THEN standing.main_code := earlier.main_code;
            WHEN 'main_item' THEN standing.main_item := earlier.main_item;
            ELSE NULL;
        END CASE;
    END LOOP;
    INSERT INTO revision (owner_id, provision_id, content, rules, applies, content_hash, layers,
        kind, code, name, name_key, name_initials, item_type, department_code, main_code,
        main_item, levels, regions, labels, required_fields)
    VALUES (standing.owner_id, standing.provision_id, standing.content, standing.rules,
        standing.applies, app.hashed(standing.content, standing.rules, standing.applies), wanted,
        standing.kind, standing.code, standing.name, standing.name_key, standing.name_initials,
        standing.item_type, standing.department_code, standing.main_code, standing.main_item,
        standing.levels, standing.regions,
        standing.labels, app.required(standing.rules))
    RETURNING id INTO found;
    RETURN found;
END $$;
REVOKE ALL ON FUNCTION app.derived(bigint, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.derived(bigint, jsonb) TO jinzhu_web, jinzhu_push;
"""

PREPARED = """
UPDATE revision SET bounds = app.bounds(content, rules),
    main_code = coalesce(content ->> 'main_code', ''),
    main_item = coalesce(content ->> 'main_item', '');
ALTER TABLE revision ALTER bounds SET NOT NULL;
CREATE FUNCTION app.fill_bounds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.bounds := app.bounds(NEW.content, NEW.rules);
    RETURN NEW;
END $$;
CREATE TRIGGER fill_bounds BEFORE INSERT ON revision FOR EACH ROW
    WHEN (NEW.bounds IS NULL) EXECUTE FUNCTION app.fill_bounds();
"""
GUARDS = """
-- The last defence: no way of writing sets a local value outside the bound in force.  What an
-- edition has put outside may stay there, as a conflict, but may not be written anew.
-- The lock makes writers and a push take turns: see jinzhu.standards.push.
-- CASE, not coalesce(): under row security only then is the revision looked up by its key.
CREATE OR REPLACE FUNCTION app.guard_local() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed jsonb := NEW.local;
    wrong text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT coalesce(jsonb_object_agg(mine.key, mine.value), '{}') INTO changed
        FROM jsonb_each(NEW.local) mine WHERE OLD.local -> mine.key IS DISTINCT FROM mine.value;
    END IF;
    IF changed = '{}' THEN
        RETURN NEW;
    END IF;
    PERFORM pg_advisory_xact_lock_shared(7201, NEW.tenant_id);
    SELECT string_agg(mine.key, ', ') INTO wrong
    FROM adoption a
    JOIN edition_entry e ON e.edition_id = a.edition_id AND e.provision_id = NEW.provision_id
    LEFT JOIN merged_entry m ON m.merged_id = a.merged_id AND m.provision_id = NEW.provision_id
    JOIN revision r ON r.id = CASE WHEN NEW.pinned_revision_id IS NOT NULL
        THEN NEW.pinned_revision_id WHEN m.revision_id IS NOT NULL THEN m.revision_id
        ELSE e.revision_id END
    CROSS JOIN LATERAL jsonb_each(changed) mine
    WHERE a.tenant_id = NEW.tenant_id AND a.standard_id = NEW.standard_id
        AND app.breaks(r.bounds -> mine.key, mine.value);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'local values outside the bound of the standard: %', wrong
            USING ERRCODE = 'check_violation', CONSTRAINT = 'local_within_bounds';
    END IF;
    RETURN NEW;
END $$;

-- Keeps the number of conflicts of each center, whoever writes its rows.  New rows count, old ones
-- count back: two lists one after the other, because a join of both would be planned for one row.
CREATE FUNCTION app.count_conflicts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sums jsonb;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT jsonb_agg(to_jsonb(n)) INTO sums FROM (
            SELECT tenant_id, standard_id, provision_id, pinned_revision_id, local, 1 AS sign
            FROM new_rows WHERE claim = 'offered' AND local <> '{}') n;
    ELSE
        SELECT jsonb_agg(to_jsonb(n)) INTO sums FROM (
            SELECT tenant_id, standard_id, provision_id, pinned_revision_id, local, 1 AS sign
            FROM new_rows WHERE claim = 'offered' AND local <> '{}'
            UNION ALL
            SELECT tenant_id, standard_id, provision_id, pinned_revision_id, local, -1
            FROM old_rows WHERE claim = 'offered' AND local <> '{}') n;
    END IF;
    IF sums IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO conflict_count AS c (tenant_id, standard_id, kind, open)
    SELECT t.tenant_id, t.standard_id, TG_ARGV[0], sum(
        t.sign * cardinality(app.broken(r.bounds, t.local)))
    FROM jsonb_to_recordset(sums) AS t (tenant_id int, standard_id int, provision_id bigint,
        pinned_revision_id bigint, local jsonb, sign int)
    JOIN adoption a ON a.tenant_id = t.tenant_id AND a.standard_id = t.standard_id
    JOIN edition_entry e ON e.edition_id = a.edition_id AND e.provision_id = t.provision_id
    LEFT JOIN merged_entry m ON m.merged_id = a.merged_id AND m.provision_id = t.provision_id
    JOIN revision r ON r.id = CASE WHEN t.pinned_revision_id IS NOT NULL
        THEN t.pinned_revision_id WHEN m.revision_id IS NOT NULL THEN m.revision_id
        ELSE e.revision_id END
    GROUP BY 1, 2 HAVING sum(t.sign * cardinality(app.broken(r.bounds, t.local))) <> 0
    ON CONFLICT (tenant_id, standard_id, kind) DO UPDATE SET open = c.open + excluded.open;
    RETURN NULL;
END $$;

-- Keeps the numbers and lists among local values where a push finds them, numbers by their bound.
-- What is pinned or not offered is not there.  EXCEPT instead of a join, which would be planned for
-- one row.
CREATE FUNCTION app.keep_fields() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM local_field n USING (
            SELECT tenant_id, provision_id, claim, pinned_revision_id, local FROM old_rows
            EXCEPT
            SELECT tenant_id, provision_id, claim, pinned_revision_id, local FROM new_rows) gone
        WHERE n.tenant_id = gone.tenant_id AND n.provision_id = gone.provision_id;
    END IF;
    INSERT INTO local_field (tenant_id, provision_id, field, number)
    SELECT n.tenant_id, n.provision_id, mine.key, CASE jsonb_typeof(mine.value)
        WHEN 'number' THEN mine.value::float8 END
    FROM new_rows n CROSS JOIN LATERAL jsonb_each(n.local) mine
    WHERE n.claim = 'offered' AND n.pinned_revision_id IS NULL
        AND jsonb_typeof(mine.value) IN ('number', 'array', 'object')
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
"""

IMMUTABLE = """
CREATE OR REPLACE FUNCTION app.keep_published() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may text[] := '{state,withdrawn_at,withdrawn_by,withdrawal_reason,version}';
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state = 'published' AND NEW.state = 'withdrawn'
        AND to_jsonb(NEW) - may = to_jsonb(OLD) - may THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a published edition is never changed'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'published_is_final';
END $$;
DROP TRIGGER keep_published ON edition;
CREATE TRIGGER keep_published BEFORE UPDATE OR DELETE ON edition FOR EACH ROW
    WHEN (OLD.number IS NOT NULL) EXECUTE FUNCTION app.keep_published();
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
    RETURN NULL;
END $$;
REVOKE UPDATE, DELETE ON merged, merged_entry FROM jinzhu_web, jinzhu_push;
REVOKE INSERT ON merged, merged_entry FROM jinzhu_web, jinzhu_push;
"""

#: What somebody looks at is not changed meanwhile, and what was said of it stays as it was.
REVIEWED = """
CREATE FUNCTION app.keep_reviewed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM edition WHERE state IN ('review', 'approved')
               AND id IN (SELECT edition_id FROM touched)) THEN
        RAISE EXCEPTION 'what is under review is not changed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reviewed_is_frozen';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_reviewed_new AFTER INSERT ON draft_entry
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION app.keep_reviewed();
CREATE TRIGGER keep_reviewed_changed AFTER UPDATE ON draft_entry
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION app.keep_reviewed();
CREATE TRIGGER keep_reviewed_gone AFTER DELETE ON draft_entry
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION app.keep_reviewed();
REVOKE UPDATE, DELETE ON review_event FROM jinzhu_web, jinzhu_push;
"""

#: What is published reaches those below; a push is also carried out by a center that takes an
#: edition itself, and reads what city and county have of their own.
SEEN = """
DROP POLICY below ON edition;
CREATE POLICY below ON edition FOR SELECT TO jinzhu_web
    USING (owner_id = ANY ((SELECT app.up_ids())::int[]) AND number IS NOT NULL);
DROP POLICY superior ON edition;
CREATE POLICY superior ON edition FOR SELECT TO jinzhu_reader
    USING (owner_id = ANY ((SELECT app.seen_ids())::int[]) AND number IS NOT NULL);
"""
PUSH_READS = """
CREATE POLICY push_reads ON {table} FOR SELECT TO jinzhu_push USING (
    owner_id = ANY ((SELECT app.up_ids())::int[])
    OR owner_id IN (SELECT id FROM public.center WHERE path @> ARRAY[(SELECT app.tenant_id())]));
"""
READ_BY_PUSH = (
    "standard", "edition", "provision", "revision", "edition_entry", "merged", "merged_entry",
    "rollout", "rollout_stage", "center_label", "collision",
)  # fmt: skip

#: The functions that put layers together act as the owner of the tables.
MERGER = "CREATE POLICY merger ON {table} TO CURRENT_USER USING (true);"
MERGED_FROM = (
    "standard", "edition", "revision", "edition_entry", "merged", "merged_entry",
)  # fmt: skip

#: A center answers to its own delivery; whose roll-out it is stays as it is.
DELIVERY = """
CREATE POLICY answered ON delivery FOR UPDATE TO jinzhu_web, jinzhu_push
    USING (center_id = (SELECT app.tenant_id())) WITH CHECK (center_id = (SELECT app.tenant_id()));
CREATE POLICY push_reads ON delivery FOR SELECT TO jinzhu_push
    USING (center_id = (SELECT app.tenant_id()));
CREATE FUNCTION app.keep_delivery() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.rollout_id, NEW.center_id, NEW.owner_id) IS DISTINCT FROM
        (OLD.rollout_id, OLD.center_id, OLD.owner_id) THEN
        RAISE EXCEPTION 'a delivery stays with its roll-out and its center'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'delivery_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_delivery BEFORE UPDATE OF rollout_id, center_id, owner_id ON delivery
    FOR EACH ROW EXECUTE FUNCTION app.keep_delivery();
"""

#: Roll-outs with something to do on a day: to begin, to adopt what is due, to go on for a city that
#: has answered, to end a stage, or to open the next one whose gate holds.  See rollout_gates.
DUE_ROLLOUTS = """
CREATE POLICY clock ON rollout FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY clock ON rollout_stage FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY clock ON delivery FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY clock ON amendment_conflict FOR SELECT TO CURRENT_USER USING (true);
CREATE FUNCTION app.due_rollouts(day date) RETURNS TABLE (tenant_id int, id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH standing AS (
        SELECT s.rollout_id, s.place, s.state, s.gate, s.finished_at, s.approved_at,
            count(d.center_id) AS total,
            count(*) FILTER (WHERE d.state = 'failed') AS failed,
            coalesce(bool_or(d.state = 'rolled_back')
                AND NOT bool_or(d.state IN ('adopted', 'unchanged')), false) AS went_back,
            count(*) FILTER (WHERE d.state IN ('announced', 'accepted', 'waiting')
                AND d.due_on IS NOT NULL) AS holding,
            count(*) FILTER (WHERE d.state IN ('announced', 'accepted', 'postponed', 'waiting'))
                AS pending,
            coalesce(bool_or(d.state IN ('announced', 'accepted', 'postponed')
                AND d.due_on <= day), false) AS adopts,
            coalesce(bool_or(d.state = 'waiting' AND NOT EXISTS (
                SELECT FROM amendment_conflict a JOIN center c ON c.id = d.center_id
                WHERE a.rollout_id = s.rollout_id AND a.settled_at IS NULL
                    AND a.tenant_id = ANY (c.path))), false) AS answered
        FROM rollout r
        JOIN rollout_stage s ON s.rollout_id = r.id
        LEFT JOIN delivery d ON d.rollout_id = s.rollout_id AND d.stage = s.place
        WHERE r.state = 'waiting'
        GROUP BY s.rollout_id, s.place
    ), gated AS (
        SELECT s.*, lag(state) OVER place AS before_state, lag(failed) OVER place AS before_failed,
            lag(went_back) OVER place AS before_went_back, lag(total) OVER place AS before_total,
            lag(finished_at) OVER place AS before_finished
        FROM standing s WINDOW place AS (PARTITION BY rollout_id ORDER BY s.place)
    ), ready AS (
        SELECT rollout_id FROM gated
        GROUP BY rollout_id
        HAVING bool_or(adopts OR answered OR (state = 'open' AND holding = 0)
            OR (state = 'waiting' AND coalesce(before_state = 'done' AND NOT before_went_back, true)
                AND (approved_at IS NOT NULL OR gate -> 'approval' IS DISTINCT FROM 'true')
                AND (before_state IS NULL OR coalesce((gate ->> 'wait_days')::int, 0)
                    + (before_finished AT TIME ZONE interval '8 hours')::date <= day)
                AND (before_state IS NULL OR gate ->> 'max_failed_percent' IS NULL
                    OR before_failed * 100 <= (gate ->> 'max_failed_percent')::int * before_total)))
            OR bool_and(state = 'done' AND pending = 0)
    )
    SELECT owner_id, rollout.id FROM rollout
    WHERE (state = 'scheduled' AND starts_on <= day)
        OR rollout.id IN (SELECT rollout_id FROM ready) $$;
REVOKE ALL ON FUNCTION app.due_rollouts(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.due_rollouts(date) TO jinzhu_web;
"""

#: Nobody grants an exemption to himself.
EXEMPTION = """
CREATE FUNCTION app.guard_exemption() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state IN ('granted', 'refused')
        AND (TG_OP = 'INSERT' OR OLD.state <> NEW.state)
        AND (NEW.decider_id <> app.tenant_id() OR NEW.tenant_id = app.tenant_id()) THEN
        RAISE EXCEPTION 'only the center that set the rule decides on an exemption'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'exemption_decided_above';
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.decider_id, NEW.provision_id, NEW.field)
            IS DISTINCT FROM (OLD.decider_id, OLD.provision_id, OLD.field) THEN
        RAISE EXCEPTION 'what an exemption is asked for, and of whom, stays as it was'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'exemption_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_exemption BEFORE INSERT OR UPDATE ON exemption
    FOR EACH ROW EXECUTE FUNCTION app.guard_exemption();
-- Who is asked sees what it is asked.
CREATE POLICY asked ON exemption FOR SELECT TO jinzhu_web
    USING (decider_id = (SELECT app.tenant_id()) AND state <> 'taken_back');
"""

#: What has been put off, or let off, until a day that has come.  "Until" of an exemption is its
#: last day; what is postponed until a day applies on that day.
DUE_PINS = """
CREATE POLICY clock ON pin FOR SELECT TO CURRENT_USER USING (true);
CREATE FUNCTION app.due_pins(day date) RETURNS TABLE (tenant_id int)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT p.tenant_id FROM pin p WHERE p.ended_at IS NULL
        AND p.until + CASE p.reason WHEN 'exempt' THEN 1 ELSE 0 END <= day $$;
REVOKE ALL ON FUNCTION app.due_pins(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.due_pins(date) TO jinzhu_web;
"""

#: What a city has answered, told to whoever asks for a roll-out: a county that takes an edition
#: itself has to wait for its city as well.
ANSWERS = """
CREATE FUNCTION app.amendment_answers(rollout bigint)
    RETURNS TABLE (city_id int, provision_id bigint, field text, settled boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.tenant_id, c.provision_id, c.field, c.settled_at IS NOT NULL
    FROM amendment_conflict c WHERE c.rollout_id = rollout $$;
REVOKE ALL ON FUNCTION app.amendment_answers(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.amendment_answers(bigint) TO jinzhu_web, jinzhu_push;
GRANT EXECUTE ON FUNCTION app.names(bigint[]) TO jinzhu_push;
-- How many of the own center and those below it are on each edition; nothing else of them is told.
CREATE POLICY counted ON adoption FOR SELECT TO CURRENT_USER USING (true);
CREATE FUNCTION app.adopted(editions bigint[]) RETURNS TABLE (edition_id bigint, centers bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.edition_id, count(*) FROM adoption a
    JOIN center c ON c.id = a.tenant_id AND c.path @> ARRAY[app.tenant_id()]
    WHERE a.edition_id = ANY (editions) GROUP BY 1 $$;
REVOKE ALL ON FUNCTION app.adopted(bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.adopted(bigint[]) TO jinzhu_web, jinzhu_reader, jinzhu_push;
"""

COLLISION = """
CREATE POLICY second ON collision TO jinzhu_web USING (second_owner_id = (SELECT app.tenant_id()));

-- The provision that governs at a center instead of this one: settled so, on the center's edition
-- of that standard, and meant for the center.  Where it does not reach, nothing yields to it.
CREATE FUNCTION app.governing(provision bigint, place int) RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT g.provision_id FROM collision c
    CROSS JOIN LATERAL (SELECT
        CASE c.yielding_id WHEN c.first_id THEN c.second_id ELSE c.first_id END AS provision_id,
        CASE c.yielding_id WHEN c.first_id THEN c.second_standard_id
            ELSE c.first_standard_id END AS standard_id) g
    JOIN center p ON p.id = place
    JOIN standard s ON s.id = g.standard_id
    JOIN center o ON o.id = s.owner_id
    JOIN adoption a ON a.tenant_id = place AND a.standard_id = g.standard_id
    JOIN edition_entry e ON e.edition_id = a.edition_id AND e.provision_id = g.provision_id
    JOIN revision r ON r.id = e.revision_id
    WHERE c.yielding_id = provision AND p.level = ANY (r.levels)
        AND (r.regions = '{}' OR r.regions && p.path)
        AND (r.labels = '{}' OR EXISTS (SELECT FROM center_label l WHERE l.center_id = p.id
            AND l.owner_id = ANY (o.path) AND l.label = ANY (r.labels)))
    LIMIT 1 $$;
"""

COUNTS = """
ALTER TABLE local_field ENABLE ROW LEVEL SECURITY;
ALTER TABLE local_field FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON local_field TO jinzhu_web USING (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY superior ON local_field FOR SELECT TO jinzhu_reader
    USING (tenant_id = ANY ((SELECT app.read_ids())::int[]));
CREATE POLICY push ON local_field TO jinzhu_push USING (tenant_id IN (
    SELECT id FROM public.center WHERE path @> ARRAY[(SELECT app.tenant_id())]));
GRANT SELECT, INSERT, DELETE ON local_field TO jinzhu_web, jinzhu_push;
GRANT SELECT ON local_field TO jinzhu_reader;
ALTER TABLE conflict_count ENABLE ROW LEVEL SECURITY;
ALTER TABLE conflict_count FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON conflict_count TO jinzhu_web USING (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY superior ON conflict_count FOR SELECT TO jinzhu_reader
    USING (tenant_id = ANY ((SELECT app.read_ids())::int[]));
CREATE POLICY push ON conflict_count TO jinzhu_push USING (tenant_id IN (
    SELECT id FROM public.center WHERE path @> ARRAY[(SELECT app.tenant_id())]));
GRANT SELECT, INSERT, UPDATE ON conflict_count TO jinzhu_web, jinzhu_push;
GRANT SELECT ON conflict_count TO jinzhu_reader;
-- A center tells those above it what it asks for; what they are told it cannot read.
CREATE POLICY upward ON notice FOR INSERT TO jinzhu_web, jinzhu_push
    WITH CHECK (tenant_id = ANY ((SELECT app.up_ids())::int[]));
ALTER TABLE notice_read ENABLE ROW LEVEL SECURITY;
ALTER TABLE notice_read FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON notice_read TO jinzhu_web USING (
    tenant_id = (SELECT app.tenant_id()) AND account_id = (SELECT app.actor_id()));
GRANT SELECT, INSERT, UPDATE ON notice_read TO jinzhu_web;
"""

CLAIMED = """
GRANT UPDATE (pinned_revision_id) ON {table} TO jinzhu_push;
CREATE TRIGGER guard_local BEFORE INSERT OR UPDATE OF local ON {table}
    FOR EACH ROW EXECUTE FUNCTION app.guard_local();
CREATE TRIGGER count_inserted AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION app.count_conflicts('{table}');
CREATE TRIGGER fields_inserted AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION app.keep_fields();
CREATE TRIGGER fields_updated AFTER UPDATE ON {table}
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION app.keep_fields();
CREATE TRIGGER count_updated AFTER UPDATE ON {table}
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION app.count_conflicts('{table}');
"""

#: Lists of parts: from the codes that stay to the codes that are dropped.
CONVERT = """
UPDATE {table} t SET local = (t.local - p.field) || p.changes FROM (
    SELECT t.tenant_id, t.id, mine.key AS field, CASE WHEN dropped.codes = '[]' THEN '{{}}'
        ELSE jsonb_build_object(mine.key, jsonb_build_object('drop', dropped.codes)) END AS changes
    FROM {table} t
    JOIN adoption a ON a.tenant_id = t.tenant_id AND a.standard_id = t.standard_id
    JOIN edition_entry e ON e.edition_id = a.edition_id AND e.provision_id = t.provision_id
    JOIN revision r ON r.id = e.revision_id
    CROSS JOIN LATERAL jsonb_each(t.local) mine
    CROSS JOIN LATERAL (
        SELECT coalesce(jsonb_agg(part -> 'code'), '[]') AS codes
        FROM jsonb_array_elements(r.content -> mine.key) part
        WHERE NOT mine.value @> jsonb_build_array(part -> 'code')) dropped
    WHERE jsonb_typeof(mine.value) = 'array'
        AND jsonb_typeof(r.content -> mine.key -> 0) = 'object') p
WHERE p.tenant_id = t.tenant_id AND p.id = t.id
"""
SETTLED = """
INSERT INTO settlement (tenant_id, standard_id, provision_id, kind, field, rule, local_value,
    bound, edition_id, resolution, settled_value, reason, opened_at, settled_by, created_at)
SELECT c.tenant_id, e.standard_id, c.provision_id, c.kind, c.field, c.rule, c.local_value, c.bound,
    c.edition_id, c.resolution, c.settled_value, c.reason, c.created_at, c.settled_by,
    coalesce(c.settled_at, c.created_at)
FROM conflict c JOIN edition e ON e.id = c.edition_id
WHERE c.state = 'settled' AND c.resolution IN ('standard', 'keep')
"""
COUNTED = """
INSERT INTO conflict_count (tenant_id, standard_id, kind, open)
SELECT t.tenant_id, t.standard_id, '{table}', sum(cardinality(app.broken(r.bounds, t.local)))
FROM {table} t
JOIN adoption a ON a.tenant_id = t.tenant_id AND a.standard_id = t.standard_id
JOIN edition_entry e ON e.edition_id = a.edition_id AND e.provision_id = t.provision_id
JOIN revision r ON r.id = e.revision_id
WHERE t.claim = 'offered' AND t.local <> '{{}}' GROUP BY 1, 2
"""
FIELDS_SET = """
INSERT INTO local_field (tenant_id, provision_id, field, number)
SELECT t.tenant_id, t.provision_id, mine.key, CASE jsonb_typeof(mine.value)
    WHEN 'number' THEN mine.value::float8 END
FROM {table} t CROSS JOIN LATERAL jsonb_each(t.local) mine
WHERE t.claim = 'offered' AND jsonb_typeof(mine.value) IN ('number', 'array', 'object')
"""
STAGES = """
INSERT INTO rollout_stage (rollout_id, place, owner_id, name, chosen, state, opened_at, finished_at)
SELECT id, 1, owner_id, '', '{"all": true}', CASE WHEN finished_at IS NULL THEN 'open' ELSE 'done'
    END, created_at, finished_at FROM rollout
"""
#: The tables whose rows this migration moves; the owner itself is bound by their policies.
MOVED = ("item", "department", "conflict", "adoption", "edition", "edition_entry", "revision",
         "rollout", "rollout_stage", "settlement", "conflict_count", "local_field")  # fmt: skip
OLD_FUNCTIONS = (
    "guard_local()",
    "effective(jsonb, jsonb, jsonb, text[])",
    "breaks(text, jsonb, jsonb)",
    "codes(jsonb)",
)
NEW_FUNCTIONS = (
    "due_rollouts(date)",
    "governing(bigint, int)",
    "amendment_answers(bigint)",
    "adopted(bigint[])",
    "due_pins(date)",
    "guard_exemption()",
    "keep_delivery()",
    "keep_fields()",
    "keep_reviewed()",
    "count_conflicts()",
    "guard_local()",
    "missing(text[], jsonb)",
    "derived(bigint, jsonb)",
    "merge(bigint[], bigint[])",
    "hashed(jsonb, jsonb, jsonb)",
    "required(jsonb)",
    "merged_rules(jsonb, jsonb, jsonb, jsonb)",
    "stricter(jsonb, jsonb)",
    "effective(jsonb, jsonb, jsonb)",
    "patched(jsonb, jsonb)",
    "broken(jsonb, jsonb)",
    "breaks(jsonb, jsonb)",
    "breaks_parts(jsonb, jsonb)",
    "bounds(jsonb, jsonb)",
)
#: States and modes that a check constraint names: (table, column, name, before, now).
CHECKED = (
    (
        "edition",
        "state",
        "editionstate",
        "draft published",
        "draft review approved published withdrawn",
    ),
    (
        "rollout",
        "state",
        "rolloutstate",
        "queued running done failed cancelled",
        "scheduled queued running waiting paused done failed cancelled",
    ),
    (
        "delivery",
        "state",
        "deliverystate",
        "announced adopted unchanged failed",
        "announced accepted postponed declined waiting exempt adopted unchanged rolled_back failed",
    ),
    ("rollout", "mode", "mode", "", "at_once with_notice on_offer"),
)
DRAFT = {
    "before": "state = 'draft'",
    "now": "number IS NULL AND for_rollout_id IS NULL",
}
NUMBERED = {
    "before": "(state = 'draft') = (number IS NULL)",
    "now": "(state IN ('draft', 'review', 'approved')) = (number IS NULL)",
}
RUNNING = {
    "before": "state IN ('queued', 'running')",
    "now": "state IN ('scheduled', 'queued', 'running', 'waiting', 'paused')",
}
KEYS = {
    "before": ["id", "standard_id", "claim"],
    "now": ["id", "standard_id", "claim", "pinned_revision_id"],
}

#: In the order in which they can be dropped.
NEW_TABLES = (
    "review_event",
    "update_answer",
    "rollout_stage",
    "pin",
    "merged_entry",
    "amendment_conflict",
    "settlement",
    "proposal",
    "exemption",
    "collision",
    "conflict_count",
    "local_field",
    "notice_read",
    "notice",
    "center_label",
    "merged",
)
#: What is taken out of a content when it is written; of a draft now too.
PREPARED_COLUMNS = (
    "content_hash",
    "name",
    "name_key",
    "name_initials",
    "item_type",
    "department_code",
    "main_code",
    "main_item",
    "levels",
    "regions",
    "labels",
    "required_fields",
)
NEW_COLUMNS = {
    "adoption": ["merged_id"],
    "delivery": [
        "stage",
        "from_edition_id",
        "from_amendment_id",
        "due_on",
        "reason",
        "announced_at",
        "answered_at",
        "answered_by",
    ],
    "department": ["pinned_revision_id"],
    "draft_entry": ["source", "updated_at", "checked", "bounds", *PREPARED_COLUMNS],
    "edition": [
        "against_id",
        "for_rollout_id",
        "submitted_at",
        "submitted_by",
        "approved_at",
        "approved_by",
        "approved_hash",
        "withdrawn_at",
        "withdrawn_by",
        "withdrawal_reason",
    ],
    "item": ["pinned_revision_id"],
    "revision": ["layers", "bounds", "regions", "labels", "main_code", "main_item"],
    "rollout": ["starts_on", "notice_days", "deadline", "version"],
    "standard": ["nature", "amends_id", "line", "reviewed", "version"],
}


def forced(force: str) -> None:
    """Bind the owner by the policies of the tables whose rows are moved, or set it free."""
    for table in MOVED:
        op.execute(f"ALTER TABLE IF EXISTS {table} {force} FORCE ROW LEVEL SECURITY")


def functions(names: tuple[str, ...]) -> None:
    """Drop functions."""
    for name in names:
        op.execute(f"DROP FUNCTION app.{name}")


def states(which: int) -> None:
    """Set what columns may say: 3 for before, 4 for now."""
    for table, column, name, *_ in CHECKED:
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS ck_{table}_{name}")
        allowed = next(row for row in CHECKED if row[2] == name)[which].split()
        if allowed:
            words = ", ".join(f"'{word}'" for word in allowed)
            op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, f"{column} IN ({words})")


def indexes(when: str) -> None:
    """Build the indexes anew whose columns or conditions change."""
    op.drop_index("uq_rollout_one_running", "rollout")
    op.create_index(
        "uq_rollout_one_running",
        "rollout",
        ["standard_id"],
        unique=True,
        postgresql_where=sa.text(RUNNING[when]),
    )
    op.drop_constraint("ck_edition_numbered", "edition")
    op.create_check_constraint(op.f("ck_edition_numbered"), "edition", NUMBERED[when])
    op.drop_index("uq_edition_one_draft", "edition")
    op.create_index(
        "uq_edition_one_draft",
        "edition",
        ["standard_id"],
        unique=True,
        postgresql_where=sa.text(DRAFT[when]),
    )
    for table in ("item", "department"):
        name = f"uq_{table}_tenant_id_provision_id"
        op.drop_constraint(name, table)
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE (tenant_id, provision_id)"
            f" INCLUDE ({', '.join(KEYS[when])})"
        )
        if when == "now":
            op.create_index(
                f"ix_{table}_provision_id",
                table,
                ["provision_id", "tenant_id"],
                postgresql_where=sa.text("claim = 'offered'"),
            )
        else:
            op.drop_index(f"ix_{table}_provision_id", table)


def upgrade() -> None:
    for table in ("item", "department"):
        op.execute(f"DROP TRIGGER guard_local ON {table}")
        op.execute(f"REVOKE UPDATE (held) ON {table} FROM jinzhu_push")
    functions(OLD_FUNCTIONS)
    op.execute(RULES)
    tables()
    columns()
    states(4)
    indexes("now")
    move()
    protection()


def move() -> None:
    """Bring the rows that stand to the new form."""
    forced("NO")
    op.execute(PREPARED)
    entries()
    for table in ("item", "department"):
        op.execute(CONVERT.format(table=table))
        op.execute(COUNTED.format(table=table))
        op.execute(FIELDS_SET.format(table=table))
    op.execute(SETTLED)
    op.execute(STAGES)
    for table in ("item", "department"):
        op.drop_column(table, "held")
    op.drop_table("conflict")
    forced("")


def protection() -> None:
    """Put the new tables behind the boundary, and the functions in their place."""
    op.execute(LAYERS)
    op.execute(GUARDS)
    for table in ("item", "department"):
        op.execute(CLAIMED.format(table=table))
    for table in ("merged", "merged_entry", "center_label", "rollout_stage"):
        op.execute(owned(table, below=""))
    # What two standards say of the same thing concerns those whom both reach.
    op.execute(owned("review_event"))
    op.execute(owned("collision", below="second_owner_id = ANY ((SELECT app.seen_ids())::int[])"))
    op.execute(protect("settlement", own="SELECT, INSERT"))
    op.execute(protect("update_answer", own="SELECT, INSERT, UPDATE"))
    op.execute(protect("pin", own="SELECT, INSERT, UPDATE", push="SELECT, INSERT, UPDATE"))
    op.execute(protect("exemption", own="SELECT, INSERT, UPDATE", push="SELECT, UPDATE"))
    op.execute(protect("proposal", own="SELECT, INSERT, UPDATE", push="SELECT, UPDATE"))
    op.execute(protect("amendment_conflict", own="SELECT, UPDATE", push="SELECT, INSERT, UPDATE"))
    op.execute(protect("notice", own="SELECT, INSERT", push="SELECT, INSERT"))
    for part in (
        COUNTS,
        IMMUTABLE,
        REVIEWED,
        SEEN,
        DELIVERY,
        DUE_ROLLOUTS,
        EXEMPTION,
        DUE_PINS,
        ANSWERS,
        COLLISION,
    ):
        op.execute(part)
    for table in READ_BY_PUSH:
        op.execute(PUSH_READS.format(table=table))
    for table in MERGED_FROM:
        op.execute(MERGER.format(table=table))


def tables() -> None:
    """Create what is new."""
    op.create_table(
        "center_label",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("center_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column(
            "owner_id", sa.Integer(), server_default=sa.text("app.tenant_id()"), nullable=False
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "created_by", sa.BigInteger(), server_default=sa.text("app.actor_id()"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["center_id"], ["center.id"], name=op.f("fk_center_label_center_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["center.id"], name=op.f("fk_center_label_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_center_label")),
        sa.UniqueConstraint(
            "owner_id", "label", "center_id", name=op.f("uq_center_label_owner_id_label_center_id")
        ),
    )
    op.create_index("ix_center_label_center_id", "center_label", ["center_id"], unique=False)
    op.create_index(op.f("ix_center_label_owner_id"), "center_label", ["owner_id"], unique=False)
    op.create_table(
        "notice",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("values", JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("department_code", sa.Text(), server_default="", nullable=False),
        sa.Column("for_account_id", sa.BigInteger(), nullable=True),
        sa.Column("but_account_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "tenant_id",
            sa.Integer(),
            server_default=sa.text("app.tenant_id()"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["center.id"], name=op.f("fk_notice_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_notice")),
    )
    op.create_table(
        "notice_read",
        sa.Column(
            "tenant_id",
            sa.Integer(),
            server_default=sa.text("app.tenant_id()"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "account_id",
            sa.BigInteger(),
            server_default=sa.text("app.actor_id()"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("upto_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["center.id"], name=op.f("fk_notice_read_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "account_id", name=op.f("pk_notice_read")),
    )
    op.create_table(
        "local_field",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("provision_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("number", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "provision_id", "field", name=op.f("pk_local_field")),
    )
    op.create_index(
        "ix_local_field_number",
        "local_field",
        ["provision_id", "field", "number"],
        postgresql_include=["tenant_id"],
    )
    op.create_table(
        "conflict_count",
        sa.Column("tenant_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("standard_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("open", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["standard_id"], ["standard.id"], name=op.f("fk_conflict_count_standard_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["center.id"], name=op.f("fk_conflict_count_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "standard_id", "kind", name=op.f("pk_conflict_count")),
    )
    op.create_table(
        "collision",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("first_id", sa.BigInteger(), nullable=False),
        sa.Column("second_id", sa.BigInteger(), nullable=False),
        sa.Column("first_standard_id", sa.Integer(), nullable=False),
        sa.Column("second_standard_id", sa.Integer(), nullable=False),
        sa.Column("second_owner_id", sa.Integer(), nullable=False),
        sa.Column("first_says", JSONB(), nullable=True),
        sa.Column("second_says", JSONB(), nullable=True),
        sa.Column("yielding_id", sa.BigInteger(), nullable=True),
        sa.Column("record", JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "owner_id", sa.Integer(), server_default=sa.text("app.tenant_id()"), nullable=False
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "created_by", sa.BigInteger(), server_default=sa.text("app.actor_id()"), nullable=True
        ),
        sa.ForeignKeyConstraint(["first_id"], ["provision.id"], name=op.f("fk_collision_first_id")),
        sa.ForeignKeyConstraint(
            ["first_standard_id"], ["standard.id"], name=op.f("fk_collision_first_standard_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["center.id"], name=op.f("fk_collision_owner_id")),
        sa.ForeignKeyConstraint(
            ["second_id"], ["provision.id"], name=op.f("fk_collision_second_id")
        ),
        sa.ForeignKeyConstraint(
            ["second_owner_id"], ["center.id"], name=op.f("fk_collision_second_owner_id")
        ),
        sa.ForeignKeyConstraint(
            ["second_standard_id"], ["standard.id"], name=op.f("fk_collision_second_standard_id")
        ),
        sa.ForeignKeyConstraint(
            ["yielding_id"], ["provision.id"], name=op.f("fk_collision_yielding_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collision")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_collision_first_id_second_id")),
    )
    op.create_index(op.f("ix_collision_owner_id"), "collision", ["owner_id"], unique=False)
    op.create_index("ix_collision_yielding_id", "collision", ["yielding_id"], unique=False)
    op.create_table(
        "exemption",
        sa.Column(
            "category",
            sa.Enum(
                "waiver",
                "other_means",
                name="exemptioncategory",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("value", JSONB(), nullable=True),
        sa.Column("edition_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "granted",
                "refused",
                "taken_back",
                "ended",
                name="exemptionstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="asked",
            nullable=False,
        ),
        sa.Column("wanted_until", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("decider_id", sa.Integer(), nullable=False),
        sa.Column(
            "asked_by", sa.BigInteger(), server_default=sa.text("app.actor_id()"), nullable=True
        ),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("standard_id", sa.Integer(), nullable=False),
        sa.Column("provision_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "tenant_id",
            sa.Integer(),
            server_default=sa.text("app.tenant_id()"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_exemption_reason_given")),
        sa.CheckConstraint(
            "state <> 'granted' OR expires_on IS NOT NULL", name=op.f("ck_exemption_ends")
        ),
        sa.ForeignKeyConstraint(
            ["decider_id"], ["center.id"], name=op.f("fk_exemption_decider_id")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_exemption_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["provision_id"], ["provision.id"], name=op.f("fk_exemption_provision_id")
        ),
        sa.ForeignKeyConstraint(
            ["standard_id"], ["standard.id"], name=op.f("fk_exemption_standard_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["center.id"], name=op.f("fk_exemption_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_exemption")),
    )
    op.create_index("ix_exemption_decider_id", "exemption", ["decider_id", "state"], unique=False)
    op.create_index(
        "uq_exemption_asked",
        "exemption",
        ["tenant_id", "provision_id", "field"],
        unique=True,
        postgresql_where=sa.text("state IN ('asked', 'granted')"),
    )
    op.create_table(
        "merged",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("edition_id", sa.BigInteger(), nullable=False),
        sa.Column("amendment_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "owner_id", sa.Integer(), server_default=sa.text("app.tenant_id()"), nullable=False
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "created_by", sa.BigInteger(), server_default=sa.text("app.actor_id()"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["amendment_id"], ["edition.id"], name=op.f("fk_merged_amendment_id")
        ),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_merged_edition_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["center.id"], name=op.f("fk_merged_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merged")),
        sa.UniqueConstraint(
            "edition_id", "amendment_id", name=op.f("uq_merged_edition_id_amendment_id")
        ),
    )
    op.create_index(op.f("ix_merged_owner_id"), "merged", ["owner_id"], unique=False)
    op.create_table(
        "proposal",
        sa.Column("values", JSONB(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "accepted",
                "declined",
                "taken_back",
                name="proposalstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="open",
            nullable=False,
        ),
        sa.Column("decider_id", sa.Integer(), nullable=False),
        sa.Column(
            "proposed_by", sa.BigInteger(), server_default=sa.text("app.actor_id()"), nullable=True
        ),
        sa.Column("edition_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("standard_id", sa.Integer(), nullable=False),
        sa.Column("provision_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "tenant_id",
            sa.Integer(),
            server_default=sa.text("app.tenant_id()"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_proposal_reason_given")),
        sa.ForeignKeyConstraint(["decider_id"], ["center.id"], name=op.f("fk_proposal_decider_id")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_proposal_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["provision_id"], ["provision.id"], name=op.f("fk_proposal_provision_id")
        ),
        sa.ForeignKeyConstraint(
            ["standard_id"], ["standard.id"], name=op.f("fk_proposal_standard_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["center.id"], name=op.f("fk_proposal_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_proposal")),
    )
    op.create_index("ix_proposal_decider_id", "proposal", ["decider_id", "state"], unique=False)
    op.create_table(
        "settlement",
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("local_value", JSONB(), nullable=False),
        sa.Column("bound", JSONB(), nullable=True),
        sa.Column("edition_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "resolution",
            sa.Enum(
                "standard",
                "keep",
                name="resolution",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("settled_value", JSONB(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "settled_by", sa.BigInteger(), server_default=sa.text("app.actor_id()"), nullable=True
        ),
        sa.Column("standard_id", sa.Integer(), nullable=False),
        sa.Column("provision_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "tenant_id",
            sa.Integer(),
            server_default=sa.text("app.tenant_id()"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_settlement_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["provision_id"], ["provision.id"], name=op.f("fk_settlement_provision_id")
        ),
        sa.ForeignKeyConstraint(
            ["standard_id"], ["standard.id"], name=op.f("fk_settlement_standard_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["center.id"], name=op.f("fk_settlement_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_settlement")),
    )
    op.create_index(
        "ix_settlement_provision_id", "settlement", ["tenant_id", "provision_id"], unique=False
    )
    op.create_table(
        "amendment_conflict",
        sa.Column("rollout_id", sa.BigInteger(), nullable=False),
        sa.Column("amendment_id", sa.BigInteger(), nullable=False),
        sa.Column("edition_id", sa.BigInteger(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("value", JSONB(), nullable=False),
        sa.Column("bound", JSONB(), nullable=True),
        sa.Column(
            "resolution",
            sa.Enum(
                "standard",
                "keep",
                name="resolution",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("settled_value", JSONB(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("settled_by", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("successor_id", sa.BigInteger(), nullable=True),
        sa.Column("standard_id", sa.Integer(), nullable=False),
        sa.Column("provision_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "tenant_id",
            sa.Integer(),
            server_default=sa.text("app.tenant_id()"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["amendment_id"], ["edition.id"], name=op.f("fk_amendment_conflict_amendment_id")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_amendment_conflict_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["provision_id"], ["provision.id"], name=op.f("fk_amendment_conflict_provision_id")
        ),
        sa.ForeignKeyConstraint(
            ["rollout_id"], ["rollout.id"], name=op.f("fk_amendment_conflict_rollout_id")
        ),
        sa.ForeignKeyConstraint(
            ["standard_id"], ["standard.id"], name=op.f("fk_amendment_conflict_standard_id")
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["edition.id"], name=op.f("fk_amendment_conflict_successor_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["center.id"], name=op.f("fk_amendment_conflict_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_amendment_conflict")),
        sa.UniqueConstraint(
            "tenant_id",
            "rollout_id",
            "provision_id",
            "field",
            name=op.f("uq_amendment_conflict_tenant_id_rollout_id_provision_id_field"),
        ),
    )
    op.create_table(
        "merged_entry",
        sa.Column("merged_id", sa.BigInteger(), nullable=False),
        sa.Column("provision_id", sa.BigInteger(), nullable=False),
        sa.Column("revision_id", sa.BigInteger(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merged_id"], ["merged.id"], name=op.f("fk_merged_entry_merged_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["center.id"], name=op.f("fk_merged_entry_owner_id")),
        sa.ForeignKeyConstraint(
            ["provision_id"], ["provision.id"], name=op.f("fk_merged_entry_provision_id")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_merged_entry_revision_id")
        ),
        sa.PrimaryKeyConstraint("merged_id", "provision_id", name=op.f("pk_merged_entry")),
    )
    op.create_table(
        "pin",
        sa.Column(
            "reason",
            sa.Enum(
                "postponed",
                "exempt",
                name="pinreason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("revision_id", sa.BigInteger(), nullable=True),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("exemption_id", sa.BigInteger(), nullable=True),
        sa.Column("rollout_id", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("overtaken_by", sa.BigInteger(), nullable=True),
        sa.Column("standard_id", sa.Integer(), nullable=False),
        sa.Column("provision_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "tenant_id",
            sa.Integer(),
            server_default=sa.text("app.tenant_id()"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["provision_id"], ["provision.id"], name=op.f("fk_pin_provision_id")
        ),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_pin_revision_id")),
        sa.ForeignKeyConstraint(["standard_id"], ["standard.id"], name=op.f("fk_pin_standard_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["center.id"], name=op.f("fk_pin_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_pin")),
    )
    op.create_index(
        "uq_pin_open",
        "pin",
        ["tenant_id", "provision_id", "field"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "rollout_stage",
        sa.Column("rollout_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "owner_id", sa.Integer(), server_default=sa.text("app.tenant_id()"), nullable=False
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("chosen", JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("gate", JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "open",
                "done",
                name="stagestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="waiting",
            nullable=False,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["center.id"], name=op.f("fk_rollout_stage_owner_id")
        ),
        sa.ForeignKeyConstraint(
            ["rollout_id"], ["rollout.id"], name=op.f("fk_rollout_stage_rollout_id")
        ),
        sa.PrimaryKeyConstraint("rollout_id", "place", name=op.f("pk_rollout_stage")),
    )
    op.create_table(
        "update_answer",
        sa.Column("rollout_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "take",
                "keep",
                "later",
                name="answer",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("value", JSONB(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column(
            "answered_by", sa.BigInteger(), server_default=sa.text("app.actor_id()"), nullable=True
        ),
        sa.Column("standard_id", sa.Integer(), nullable=False),
        sa.Column("provision_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "tenant_id",
            sa.Integer(),
            server_default=sa.text("app.tenant_id()"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["provision_id"], ["provision.id"], name=op.f("fk_update_answer_provision_id")
        ),
        sa.ForeignKeyConstraint(
            ["rollout_id"], ["rollout.id"], name=op.f("fk_update_answer_rollout_id")
        ),
        sa.ForeignKeyConstraint(
            ["standard_id"], ["standard.id"], name=op.f("fk_update_answer_standard_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["center.id"], name=op.f("fk_update_answer_tenant_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_update_answer")),
        sa.UniqueConstraint(
            "tenant_id",
            "rollout_id",
            "provision_id",
            "field",
            name=op.f("uq_update_answer_tenant_id_rollout_id_provision_id_field"),
        ),
    )
    op.create_table(
        "review_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("standard_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "act",
            sa.Enum(
                "required",
                "not_required",
                "submitted",
                "taken_back",
                "returned",
                "approved",
                name="reviewact",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "owner_id", sa.Integer(), server_default=sa.text("app.tenant_id()"), nullable=False
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "created_by", sa.BigInteger(), server_default=sa.text("app.actor_id()"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["edition.id"],
            name=op.f("fk_review_event_edition_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["center.id"], name=op.f("fk_review_event_owner_id")),
        sa.ForeignKeyConstraint(
            ["standard_id"], ["standard.id"], name=op.f("fk_review_event_standard_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_event")),
    )
    op.create_index(op.f("ix_review_event_owner_id"), "review_event", ["owner_id"], unique=False)
    op.create_index(
        "ix_review_event_standard_id", "review_event", ["standard_id", "edition_id"], unique=False
    )


def columns() -> None:
    """Add what is new to the tables that stand."""
    op.add_column("adoption", sa.Column("merged_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_adoption_merged_id"), "adoption", "merged", ["merged_id"], ["id"]
    )
    op.add_column("delivery", sa.Column("stage", sa.Integer(), server_default="1", nullable=False))
    op.add_column("delivery", sa.Column("from_edition_id", sa.BigInteger(), nullable=True))
    op.add_column("delivery", sa.Column("from_amendment_id", sa.BigInteger(), nullable=True))
    op.add_column("delivery", sa.Column("due_on", sa.Date(), nullable=True))
    op.add_column("delivery", sa.Column("reason", sa.Text(), server_default="", nullable=False))
    op.add_column("delivery", sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("delivery", sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("delivery", sa.Column("answered_by", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_delivery_from_edition_id"), "delivery", "edition", ["from_edition_id"], ["id"]
    )
    op.create_foreign_key(
        op.f("fk_delivery_from_amendment_id"), "delivery", "edition", ["from_amendment_id"], ["id"]
    )
    op.add_column("department", sa.Column("pinned_revision_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_department_pinned_revision_id"),
        "department",
        "revision",
        ["pinned_revision_id"],
        ["id"],
    )
    prepared()
    op.add_column("draft_entry", sa.Column("checked", sa.Text(), server_default="", nullable=False))
    op.add_column("draft_entry", sa.Column("source", JSONB(), nullable=True))
    op.add_column(
        "draft_entry",
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
    )
    op.add_column("edition", sa.Column("against_id", sa.BigInteger(), nullable=True))
    op.add_column("edition", sa.Column("for_rollout_id", sa.BigInteger(), nullable=True))
    op.add_column("edition", sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("edition", sa.Column("submitted_by", sa.BigInteger(), nullable=True))
    op.add_column("edition", sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("edition", sa.Column("approved_by", sa.BigInteger(), nullable=True))
    op.add_column("edition", sa.Column("approved_hash", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_edition_approved_by_another"), "edition", "approved_by <> submitted_by"
    )
    op.add_column("edition", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("edition", sa.Column("withdrawn_by", sa.BigInteger(), nullable=True))
    op.add_column(
        "edition", sa.Column("withdrawal_reason", sa.Text(), server_default="", nullable=False)
    )
    op.create_foreign_key(
        op.f("fk_edition_against_id"), "edition", "edition", ["against_id"], ["id"]
    )
    op.add_column("item", sa.Column("pinned_revision_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_item_pinned_revision_id"), "item", "revision", ["pinned_revision_id"], ["id"]
    )
    op.add_column("revision", sa.Column("layers", JSONB(), nullable=True))
    op.add_column("rollout", sa.Column("starts_on", sa.Date(), nullable=True))
    op.add_column(
        "rollout", sa.Column("notice_days", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column("rollout", sa.Column("deadline", sa.Date(), nullable=True))
    op.add_column("rollout", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.add_column(
        "standard",
        sa.Column(
            "nature",
            sa.Enum(
                "general",
                "amendment",
                "line",
                "own",
                name="nature",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="general",
            nullable=False,
        ),
    )
    op.add_column("standard", sa.Column("amends_id", sa.Integer(), nullable=True))
    op.add_column("standard", sa.Column("line", sa.Text(), server_default="", nullable=False))
    op.add_column(
        "standard", sa.Column("reviewed", sa.Boolean(), server_default="false", nullable=False)
    )
    op.add_column(
        "standard", sa.Column("version", sa.Integer(), server_default="1", nullable=False)
    )
    op.create_unique_constraint(
        op.f("uq_standard_owner_id_amends_id"), "standard", ["owner_id", "amends_id"]
    )
    op.create_foreign_key(
        op.f("fk_standard_amends_id"), "standard", "standard", ["amends_id"], ["id"]
    )
    op.execute("ALTER TABLE rollout ALTER mode TYPE varchar(32)")
    op.create_check_constraint(
        op.f("ck_standard_amends_given"),
        "standard",
        "(nature = 'amendment') = (amends_id IS NOT NULL)",
    )
    op.create_check_constraint(
        op.f("ck_standard_line_given"), "standard", "(nature = 'line') = (line <> '')"
    )


LISTS = {
    "levels": sa.ARRAY(sa.Text()),
    "regions": sa.ARRAY(sa.Integer()),
    "labels": sa.ARRAY(sa.Text()),
    "required_fields": sa.ARRAY(sa.Text()),
}


def add_prepared(table: str, name: str) -> None:
    """Add a column of what is taken out of a content."""
    empty = "{}" if name in LISTS else ""
    column = sa.Column(name, LISTS.get(name, sa.Text()), server_default=empty, nullable=False)
    op.add_column(table, column)


def prepared() -> None:
    """Add what is taken out of a content when it is written, to revisions and to drafts."""
    for name in PREPARED_COLUMNS:
        add_prepared("draft_entry", name)
    for name in ("content_hash", "name", "name_key", "name_initials", "levels"):
        op.alter_column("draft_entry", name, server_default=None)
    for name in ("main_code", "main_item", "labels", "regions"):
        add_prepared("revision", name)
    bounds = sa.Computed("app.bounds(content, rules)", persisted=True)
    op.add_column("draft_entry", sa.Column("bounds", JSONB(), bounds, nullable=False))
    op.add_column("revision", sa.Column("bounds", JSONB(), nullable=True))


def entries() -> None:
    """Tie an entry of an edition to a revision of its own provision, and to the same owner."""
    op.create_unique_constraint(
        op.f("uq_revision_provision_id_id"), "revision", ["provision_id", "id"]
    )
    op.drop_index("ix_revision_provision_id", "revision")
    for name in ("edition_id", "owner_id", "provision_id", "revision_id"):
        op.drop_constraint(op.f(f"fk_edition_entry_{name}"), "edition_entry")
    op.create_foreign_key(
        op.f("fk_edition_entry_provision_id_revision_id"),
        "edition_entry",
        "revision",
        ["provision_id", "revision_id"],
        ["provision_id", "id"],
    )


def loose_entries() -> None:
    """Tie the entries of an edition as before."""
    op.drop_constraint(op.f("fk_edition_entry_provision_id_revision_id"), "edition_entry")
    op.create_index("ix_revision_provision_id", "revision", ["provision_id"])
    op.drop_constraint(op.f("uq_revision_provision_id_id"), "revision")
    for name, table in (
        ("edition_id", "edition"),
        ("owner_id", "center"),
        ("provision_id", "provision"),
        ("revision_id", "revision"),
    ):
        key = op.f(f"fk_edition_entry_{name}")
        op.create_foreign_key(key, "edition_entry", table, [name], ["id"])


def downgrade() -> None:
    """Go back; answers to conflicts, amendments, stages and notices have no place there."""
    for table in MERGED_FROM:
        op.execute(f"DROP POLICY merger ON {table}")
    for table in READ_BY_PUSH:
        op.execute(f"DROP POLICY push_reads ON {table}")
    for policy in ("answered", "push_reads", "clock"):
        op.execute(f"DROP POLICY {policy} ON delivery")
    op.execute("DROP POLICY clock ON rollout")
    op.execute("DROP TRIGGER keep_delivery ON delivery")
    for table in ("item", "department"):
        for trigger in (
            "guard_local",
            "count_inserted",
            "count_updated",
            "fields_inserted",
            "fields_updated",
        ):
            op.execute(f"DROP TRIGGER {trigger} ON {table}")
        op.execute(f"REVOKE UPDATE (pinned_revision_id) ON {table} FROM jinzhu_push")
    op.execute("DROP TRIGGER keep_entries ON edition_entry")
    op.execute("DROP TRIGGER keep_published ON edition")
    for event in ("new", "changed", "gone"):
        op.execute(f"DROP TRIGGER keep_reviewed_{event} ON draft_entry")
    op.execute("REVOKE EXECUTE ON FUNCTION app.names(bigint[]) FROM jinzhu_push")
    op.execute("DROP POLICY counted ON adoption")
    op.execute("DROP FUNCTION app.keep_entries()")
    op.execute("DROP FUNCTION app.keep_published()")
    op.execute("DROP TRIGGER fill_bounds ON revision; DROP FUNCTION app.fill_bounds()")
    loose_entries()
    indexes("before")
    states(3)
    for table in NEW_TABLES:
        if table == "merged":
            op.drop_constraint("fk_adoption_merged_id", "adoption")
        op.drop_table(table)
    for table, names in NEW_COLUMNS.items():
        for name in names:
            op.drop_column(table, name)
    op.execute("ALTER TABLE rollout ALTER mode TYPE text")
    functions(NEW_FUNCTIONS)
    op.execute(BEFORE["RULES"])
    restore()


def restore() -> None:
    """Bring back what 0002 made."""
    op.create_table(
        "conflict",
        sa.Column("provision_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("local_value", JSONB(), nullable=False),
        sa.Column("bound", JSONB(), nullable=False),
        sa.Column("edition_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "settled",
                name="conflictstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="open",
            nullable=False,
        ),
        sa.Column(
            "resolution",
            sa.Enum(
                "standard",
                "keep",
                "lifted",
                name="resolution",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("settled_value", JSONB(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("settled_by", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "tenant_id",
            sa.Integer(),
            server_default=sa.text("app.tenant_id()"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_conflict_edition_id")
        ),
        sa.ForeignKeyConstraint(
            ["provision_id"], ["provision.id"], name=op.f("fk_conflict_provision_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["center.id"], name=op.f("fk_conflict_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_conflict")),
    )
    op.create_index(
        "ix_conflict_provision_id", "conflict", ["tenant_id", "provision_id"], unique=False
    )
    op.create_index(
        "uq_conflict_open",
        "conflict",
        ["tenant_id", "provision_id", "field"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.execute(protect("conflict", own="SELECT, UPDATE", push="SELECT, INSERT, UPDATE"))
    for table in ("item", "department"):
        op.add_column(
            table, sa.Column("held", sa.ARRAY(sa.Text()), server_default="{}", nullable=False)
        )
        op.execute(f"GRANT UPDATE (held) ON {table} TO jinzhu_push")
        op.execute(
            f"CREATE TRIGGER guard_local BEFORE INSERT OR UPDATE OF local ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION app.guard_local()"
        )
    op.execute(BEFORE["IMMUTABLE"])
    op.execute("DROP POLICY below ON edition; DROP POLICY superior ON edition")
    op.execute(BELOW.format(table="edition", when=" AND state = 'published'"))
