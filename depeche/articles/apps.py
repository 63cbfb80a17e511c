from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    name = "depeche.articles"
    verbose_name = _("Articles")

    def ready(self) -> None:
        from wagtail.signals import page_published

        from .models import Article

        page_published.connect(_note_published, sender=Article, dispatch_uid="articles.note_published")


def _note_published(*, instance: Any, **kwargs: Any) -> None:
    from . import actions

    actions.note_published(instance)
