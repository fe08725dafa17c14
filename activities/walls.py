"""What people told, handed in and did for activities stands in the municipality's schema, and asks
where one is. So do the states of Wagtail's tasks: who answered a project, with which comment."""

PERSONAL_TABLES = (
    "activities_need",
    "activities_coordinator",
    "activities_workentry",
    "activities_designationtaskstate",
    "wagtailcore_taskstate",
    "activities_activityreport",
    "activities_thanksnote",
)
