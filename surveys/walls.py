"""What people answered stands in the municipality's schema, and asks where one is."""

PERSONAL_TABLES = ("surveys_answer",)
