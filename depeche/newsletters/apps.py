from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from depeche import personal_data


class NewslettersConfig(AppConfig):
    name = "depeche.newsletters"
    verbose_name = _("Newsletters")

    def ready(self) -> None:
        from depeche.articles import previews
        from depeche.delivery import lanes

        from . import privacy, views
        from .lane import EditionLane

        lanes.register(EditionLane())
        previews.register("mail", _("Mail"), views.preview_article)
        personal_data.register(
            personal_data.Holder(("newsletters.EditionDelivery",), privacy.export, privacy.erase)
        )
