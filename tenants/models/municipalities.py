"""The tenants: local governments that take part."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin, TenantMixin

from common import clock
from tenants.enums import FeeWaiver, GovernmentKind, MunicipalityStatus
from tenants.models.governments import LocalGovernment
from tenants.rules.fees import fee_waiver_for


def _fee_waiver_today() -> str:
    return fee_waiver_for(clock.today()).value


class MunicipalityQuerySet(models.QuerySet["Municipality"]):
    def published(self) -> MunicipalityQuerySet:
        """Those that residents see and can register with: the only ones on public pages."""
        return self.filter(status=MunicipalityStatus.PUBLISHED)

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
    # Recorded on the day of joining and kept: a later reading of R26 changes no promise.
    fee_waiver = models.CharField(
        _("system fee"),
        max_length=16,
        choices=FeeWaiver.choices,
        default=_fee_waiver_today,
        db_default=FeeWaiver.WAIVED,
    )
    # Provisioning begins with INITIAL_STATUS. The database's default is for those who took part
    # before there were statuses: they were visible and stay so.
    status = models.CharField(
        _("status"),
        max_length=16,
        choices=MunicipalityStatus.choices,
        db_default=MunicipalityStatus.PUBLISHED,
    )
    # Set while it is in preparation only; the clock publishes it then.
    publish_at = models.DateTimeField(_("published from"), null=True, blank=True)
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

    @property
    def is_published(self) -> bool:
        """Whether residents see it and can register with it."""
        return self.status == MunicipalityStatus.PUBLISHED

    def prefecture_municipality(self) -> Municipality | None:
        """Its prefecture as a tenant, if that is published and another (R5)."""
        if self.is_prefecture:
            return None
        return (
            Municipality.objects.published().filter(pk=self.local_government.prefecture_id).first()
        )


class MunicipalityChange(models.Model):
    """A line of a municipality's history: who led it from which status to which, and why.

    Rows are added, never changed; the database refuses it. A publication that is set for
    later, or taken back, stays in its status: `publish_at` holds the time, or nothing.
    """

    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("municipality"),
        on_delete=models.PROTECT,
        related_name="changes",
    )
    changed_at = models.DateTimeField(_("changed at"), default=clock.now)
    # Empty where the clock did it.
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("changed by"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    from_status = models.CharField(
        _("status before"), max_length=16, choices=MunicipalityStatus.choices
    )
    to_status = models.CharField(
        _("status after"), max_length=16, choices=MunicipalityStatus.choices
    )
    publish_at = models.DateTimeField(_("published from"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("change of a municipality")
        verbose_name_plural = _("changes of municipalities")
        ordering = ["-changed_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.municipality_id}: {self.from_status} → {self.to_status}"


class Domain(DomainMixin):
    """A label under the platform's base domain that leads to a municipality.

    `domain` holds the label alone (`kesennuma`), so the base domain and port stay settings.
    The admin host is the same label before `.admin`.
    """

    class Meta:
        verbose_name = _("host name")
        verbose_name_plural = _("host names")
