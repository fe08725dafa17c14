from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistrationConfig(AppConfig):
    """Basic and premium registration: rules and operations."""

    name = "registration"
    verbose_name = _("Registration")

    def ready(self) -> None:
        from common.kind_names import tell_kind_names
        from identity.registry import register_directory
        from registration import receivers  # noqa: F401 - connects the receivers
        from registration.operations.directory import RegistrantDirectory
        from registration.queries import kind_names

        register_directory(RegistrantDirectory())
        tell_kind_names(kind_names)
