"""What people wrote stands in the municipality's schema, and asks where one is."""

PERSONAL_TABLES = ("community_post",)
