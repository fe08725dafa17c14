"""What people told, handed in and did for activities stands in the municipality's schema, and asks
where one is."""

PERSONAL_TABLES = (
    "activities_need",
    "activities_coordinator",
    "activities_workentry",
    "activities_designationtaskstate",
    "activities_activityreport",
    "activities_thanksnote",
)
