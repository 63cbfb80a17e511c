from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from depeche import personal_data


class DeliveryConfig(AppConfig):
    name = "depeche.delivery"
    verbose_name = _("Delivery")

    def ready(self) -> None:
        from . import privacy

        personal_data.register(
            personal_data.Holder(
                (
                    *("delivery.TransactionalMessage", "delivery.Suppression"),
                    *("delivery.HeardReport", "delivery.SoftBounces"),
                ),
                privacy.export,
                privacy.erase,
            )
        )
