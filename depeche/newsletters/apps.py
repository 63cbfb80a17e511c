from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from depeche import facts, personal_data


class NewslettersConfig(AppConfig):
    name = "depeche.newsletters"
    verbose_name = _("Newsletters")

    def ready(self) -> None:
        from depeche.articles import correcting as articles
        from depeche.articles import previews
        from depeche.delivery import lanes

        from . import correcting, privacy, views
        from .correction_lane import CorrectionLane
        from .lane import EditionLane

        lanes.register(CorrectionLane())  # what mends a mistake leaves before the next edition
        lanes.register(EditionLane())
        articles.register_messenger(correcting)
        facts.on(facts.CorrectionPublished, _plan)
        facts.on(facts.MailReturned, _heed)
        previews.register("mail", _("Mail"), views.preview_article)
        personal_data.register(
            personal_data.Holder(
                ("newsletters.EditionDelivery", "newsletters.CorrectionDelivery"),
                privacy.export,
                privacy.erase,
            )
        )


def _plan(fact: facts.CorrectionPublished) -> None:
    from . import tasks

    tasks.plan_correction(fact.correction_id)


def _heed(_fact: facts.MailReturned) -> None:
    from . import heeding

    heeding.heed()
