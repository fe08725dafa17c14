"""Who works at a municipality stands in its schema, and asks where one is."""

PERSONAL_TABLES = ("staff_membership", "staff_directpermission", "staff_invitation")
