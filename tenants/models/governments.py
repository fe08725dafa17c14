"""All 1,741 cities, towns, villages and special wards, and the 47 prefectures."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.enums import GovernmentKind


class LocalGovernment(models.Model):
    """One local government of Japan, whether it takes part or not.

    The code is the six-digit local-government code (JIS X 0401/0402 with check digit) and is
    text: it may begin with a zero. Names repeat across the country, so screens show
    `full_name`, with the prefecture.
    """

    code = models.CharField(_("local-government code"), max_length=6, primary_key=True)
    kind = models.CharField(_("kind"), max_length=12, choices=GovernmentKind.choices)
    name = models.CharField(_("name"), max_length=40)
    kana = models.CharField(_("furigana"), max_length=80)
    romaji = models.SlugField(_("name in Latin letters"), max_length=63, unique=True)
    prefecture = models.ForeignKey(
        "self",
        verbose_name=_("prefecture"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cities",
    )

    class Meta:
        verbose_name = _("local government")
        verbose_name_plural = _("local governments")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """The name with its prefecture: 宮城県気仙沼市."""
        return f"{self.prefecture.name}{self.name}" if self.prefecture else self.name
