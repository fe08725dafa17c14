"""Needs and the coordinators' work stand in the municipality's schema, and ask where one is."""

PERSONAL_TABLES = ("activities_need", "activities_coordinator", "activities_workentry")
