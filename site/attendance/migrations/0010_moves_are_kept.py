"""Every move of a sign-up is kept, by whoever it is made; a result that is drawn stays.

The trigger writes what the row says of the move: so a change of status that forgets to say so is
kept too, with the names of both statuses.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION attendance_keep_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- What comes back from an archive brings its moves along; no run-time login owns the table.
    IF current_setting('furusato.restoring', true) = 'on'
       AND (SELECT relowner FROM pg_class WHERE oid = TG_RELID) = current_user::regrole THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF NEW.status = OLD.status THEN RETURN NULL; END IF;
    END IF;
    INSERT INTO public.attendance_signupevent
        (sign_up_id, from_status, to_status, move, party, actor_id, at)
    VALUES (
        NEW.id, CASE WHEN TG_OP = 'UPDATE' THEN OLD.status ELSE '' END, NEW.status, NEW.move,
        NEW.party, NEW.moved_by_id, coalesce(NEW.moved_at, now())
    );
    RETURN NULL;
END $$;
CREATE TRIGGER attendance_signup_moves AFTER INSERT OR UPDATE ON attendance_signup
    FOR EACH ROW EXECUTE FUNCTION attendance_keep_move();

CREATE FUNCTION attendance_refuse_change_of_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the moves of sign-ups are append-only' USING ERRCODE = '42501';
END $$;
CREATE TRIGGER attendance_signupevent_rows BEFORE UPDATE OR DELETE ON attendance_signupevent
    FOR EACH ROW EXECUTE FUNCTION attendance_refuse_change_of_move();
CREATE TRIGGER attendance_signupevent_truncate BEFORE TRUNCATE ON attendance_signupevent
    FOR EACH STATEMENT EXECUTE FUNCTION attendance_refuse_change_of_move();

CREATE FUNCTION attendance_keep_draw() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.seed_hash <> OLD.seed_hash OR (OLD.drawn_at IS NOT NULL AND
       (NEW.drawn_at, NEW.result, NEW.places) IS DISTINCT FROM
       (OLD.drawn_at, OLD.result, OLD.places)) THEN
        RAISE EXCEPTION 'a draw that is published stays as it is' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER attendance_draw_stays BEFORE UPDATE ON attendance_draw
    FOR EACH ROW EXECUTE FUNCTION attendance_keep_draw();
"""
BACKWARD = """
DROP TRIGGER attendance_draw_stays ON attendance_draw;
DROP FUNCTION attendance_keep_draw();
DROP TRIGGER attendance_signupevent_truncate ON attendance_signupevent;
DROP TRIGGER attendance_signupevent_rows ON attendance_signupevent;
DROP FUNCTION attendance_refuse_change_of_move();
DROP TRIGGER attendance_signup_moves ON attendance_signup;
DROP FUNCTION attendance_keep_move();
"""


class Migration(migrations.Migration):
    dependencies = [("attendance", "0009_sign_ups")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
