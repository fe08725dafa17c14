from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CertificatesConfig(AppConfig):
    """Registration and activity certificates: issue, verify, revoke."""

    name = "certificates"
    verbose_name = _("Certificates")
