"""Who of an organisation handed something in stands in the municipality's schema, and asks where
one is."""

PERSONAL_TABLES = ("activities_projectreview", "activities_activityreport")
