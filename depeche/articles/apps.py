from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    name = "depeche.articles"
    verbose_name = _("Articles")

    def ready(self) -> None:
        from wagtail.signals import page_published

        from depeche import personal_data

        from . import privacy
        from .models import Article

        page_published.connect(_note_published, sender=Article, dispatch_uid="articles.note_published")
        personal_data.register(personal_data.Holder(("articles.Person",), privacy.export, privacy.erase))


def _note_published(*, instance: Any, **kwargs: Any) -> None:
    from . import actions

    actions.note_published(instance)
