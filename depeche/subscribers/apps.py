from typing import Any

from django.apps import AppConfig
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from depeche import facts, personal_data


class SubscribersConfig(AppConfig):
    name = "depeche.subscribers"
    verbose_name = _("Subscribers")

    def ready(self) -> None:
        from django.db.models.signals import post_save

        from . import privacy
        from .models import SignUp

        facts.on(facts.WantsNoMail, _left)
        post_save.connect(_see_to_it, sender=SignUp, dispatch_uid="subscribers.see_to_it")

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


def _see_to_it(created: bool, **_: Any) -> None:
    from . import tasks

    if created:
        transaction.on_commit(lambda: tasks.see_to_new(), robust=True)


def _left(_fact: facts.WantsNoMail) -> None:
    from . import leaving

    leaving.leave_after_reports()
