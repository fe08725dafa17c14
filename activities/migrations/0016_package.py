import wagtail.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """What can be booked along with a place; runs once per municipality."""

    dependencies = [
        ("activities", "0015_withdrawn_needs"),
    ]

    operations = [
        migrations.AddField(
            model_name="activitypage",
            name="components",
            field=wagtail.fields.StreamField(
                [("component", 6)],
                blank=True,
                block_lookup={
                    0: (
                        "wagtail.blocks.ChoiceBlock",
                        [],
                        {
                            "choices": [
                                ("lodging", "Lodging"),
                                ("childcare", "Childcare"),
                                ("car", "Car"),
                                ("workspace", "Place to work (telework)"),
                                ("meals", "Meals"),
                                ("tools", "Tools to use there"),
                                ("other", "Other"),
                            ],
                            "help_text": "Goods that are sent to people's homes may not be offered.",
                            "label": "kind",
                        },
                    ),
                    1: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "For example: bed in the guest house.",
                            "label": "name",
                            "max_length": 60,
                        },
                    ),
                    2: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "For example: 3,000 yen a night, paid there. Money is never taken here.",
                            "label": "costs",
                            "default": "",
                            "max_length": 100,
                            "required": False,
                        },
                    ),
                    3: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "note", "default": "", "max_length": 200, "required": False},
                    ),
                    4: (
                        "wagtail.blocks.IntegerBlock",
                        (),
                        {
                            "help_text": "Leave empty if there are as many as are needed.",
                            "label": "how many there are on each date",
                            "max_value": 999,
                            "min_value": 1,
                            "required": False,
                        },
                    ),
                    5: (
                        "wagtail.blocks.BooleanBlock",
                        (),
                        {
                            "help_text": "Whoever signs up takes at least one.",
                            "label": "everybody books it",
                            "required": False,
                        },
                    ),
                    6: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("kind", 0),
                                ("name", 1),
                                ("costs", 2),
                                ("note", 3),
                                ("capacity", 4),
                                ("is_required", 5),
                            ]
                        ],
                        {},
                    ),
                },
                db_default=models.Value([], output_field=models.JSONField()),
                default=list,
                help_text="Lodging, childcare, a car and so on, booked together with the place. They are for people who come: goods that are sent to people's homes may not be offered. Money is never taken here.",
                verbose_name="what can be booked along",
            ),
        ),
    ]
