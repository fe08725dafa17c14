from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommonConfig(AppConfig):
    name = "common"
    label = "common"
    verbose_name = _("Shared parts")

    def ready(self) -> None:
        from common.free_text import guard_every_form
        from common.logs import mask_every_record

        guard_every_form()
        mask_every_record()
