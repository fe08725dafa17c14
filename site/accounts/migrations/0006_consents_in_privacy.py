"""What was agreed to at sign-up becomes rows of `privacy_consent`, and stands there alone."""

from django.db import migrations

# Of each text the version agreed to last runs; the earlier ones ended when the next was given.
# Whoever was entered at a counter had agreed on paper, before the entry was written.
FORWARD = """
INSERT INTO privacy_consent
    (user_id, purpose, municipality_id, text_id, given_at, on_paper_by_id, ended_at, end_reason)
SELECT user_id,
       CASE kind WHEN 'resident' THEN 'terms' ELSE 'privacy_notice' END,
       NULL, terms_id, accepted_at, on_paper_by_id, ended_at,
       CASE WHEN ended_at IS NULL THEN '' ELSE 'new_version' END
FROM (
    SELECT a.user_id, a.terms_id, a.accepted_at, t.kind,
           lead(a.accepted_at) OVER (PARTITION BY a.user_id, t.kind ORDER BY a.accepted_at, a.id)
               AS ended_at,
           (SELECT e.entered_by_id FROM accounts_counterentry e
            JOIN accounts_resident r ON r.id = e.resident_id
            WHERE r.user_id = a.user_id AND e.at >= a.accepted_at
            ORDER BY e.at LIMIT 1) AS on_paper_by_id
    FROM accounts_termsacceptance a
    JOIN tenants_terms t ON t.id = a.terms_id
    WHERE t.kind IN ('resident', 'privacy')
) accepted
WHERE NOT EXISTS (
    SELECT FROM privacy_consent c
    WHERE c.user_id = accepted.user_id AND c.text_id = accepted.terms_id
);
SET CONSTRAINTS ALL IMMEDIATE;
"""
# The rows there stay, as evidence does: forwards again they are found and not written twice.
BACKWARD = """
INSERT INTO accounts_termsacceptance (user_id, terms_id, accepted_at)
SELECT user_id, text_id, min(given_at) FROM privacy_consent
WHERE purpose IN ('terms', 'privacy_notice')
GROUP BY user_id, text_id;
"""


class Migration(migrations.Migration):
    breaks_running_code_because = (
        "Old code only adds a row at sign-up: one that falls into the switch fails whole and is "
        "sent again. Two places that keep consent at once would be worse."
    )
    dependencies = [
        ("accounts", "0005_counter_and_imports"),
        ("privacy", "0004_consents_only_end"),
    ]
    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.DeleteModel(name="TermsAcceptance"),
    ]
