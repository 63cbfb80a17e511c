from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewslettersConfig(AppConfig):
    name = "depeche.newsletters"
    verbose_name = _("Newsletters")

    def ready(self) -> None:
        from depeche.delivery import lanes

        from .lane import EditionLane

        lanes.register(EditionLane())
