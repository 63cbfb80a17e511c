from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from depeche import personal_data


class SubscribersConfig(AppConfig):
    name = "depeche.subscribers"
    verbose_name = _("Subscribers")

    def ready(self) -> None:
        from . import privacy

        models = (
            "subscribers.Subscriber",
            "subscribers.Subscription",
            "subscribers.SignUp",
            "subscribers.RightsRequest",
            "subscribers.ConsentPerson",
            "subscribers.ConsentEntry",
            "subscribers.ConsentDetail",
        )
        personal_data.register(personal_data.Holder(models, privacy.export_own, privacy.erase_own))
