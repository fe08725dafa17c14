"""The tenants: local governments that take part."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin, TenantMixin

from tenants.enums import GovernmentKind
from tenants.models.governments import LocalGovernment


class MunicipalityQuerySet(models.QuerySet["Municipality"]):
    def prefectures(self) -> MunicipalityQuerySet:
        """Prefectures that take part."""
        return self.filter(local_government__kind=GovernmentKind.PREFECTURE)

    def cities(self) -> MunicipalityQuerySet:
        """Cities, towns, villages and wards that take part."""
        return self.filter(local_government__kind=GovernmentKind.CITY)


class MunicipalityManager(models.Manager.from_queryset(MunicipalityQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> MunicipalityQuerySet:
        """Names live in `LocalGovernment`; no screen shows a municipality without its name."""
        return super().get_queryset().select_related("local_government__prefecture")


class Municipality(TenantMixin):
    """A municipality or prefecture that takes part (R1): one tenant, one schema.

    Its ID is the local-government code; the schema is `m` and the code. Rows are never
    cached in the process: a stale tenant is a leak waiting to happen.
    """

    auto_create_schema = False
    auto_drop_schema = False

    local_government = models.OneToOneField(
        LocalGovernment,
        verbose_name=_("local government"),
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="municipality",
    )
    slug = models.SlugField(_("host name"), max_length=63, unique=True)
    joined_on = models.DateField(_("joined on"))
    is_demonstration = models.BooleanField(_("demonstration"), default=False)

    objects = MunicipalityManager()

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        ordering = ["local_government"]

    def __str__(self) -> str:
        return self.full_name

    @property
    def code(self) -> str:
        """Six-digit local-government code."""
        return str(self.local_government_id)

    @property
    def name(self) -> str:
        return self.local_government.name

    @property
    def kana(self) -> str:
        return self.local_government.kana

    @property
    def full_name(self) -> str:
        return self.local_government.full_name

    @property
    def kind(self) -> str:
        return self.local_government.kind

    @property
    def is_prefecture(self) -> bool:
        return self.kind == GovernmentKind.PREFECTURE

    @property
    def prefecture_code(self) -> str:
        """Code of its prefecture; a prefecture's own code."""
        return self.local_government.prefecture_id or self.code

    def prefecture_municipality(self) -> Municipality | None:
        """Its prefecture as a tenant, if that takes part and is another (R5)."""
        if self.is_prefecture:
            return None
        return Municipality.objects.filter(pk=self.local_government.prefecture_id).first()


class Domain(DomainMixin):
    """A label under the platform's base domain that leads to a municipality.

    `domain` holds the label alone (`kesennuma`), so the base domain and port stay settings.
    The admin host is the same label before `.admin`.
    """

    class Meta:
        verbose_name = _("host name")
        verbose_name_plural = _("host names")
