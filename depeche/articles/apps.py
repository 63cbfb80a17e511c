from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig
from django.db import transaction
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    name = "depeche.articles"
    verbose_name = _("Articles")

    def ready(self) -> None:
        from django.db.models.signals import post_save
        from wagtail.models import Revision
        from wagtail.signals import page_published

        from depeche import personal_data

        from . import privacy
        from .models import Article, Evidence

        page_published.connect(_note_published, sender=Article, dispatch_uid="articles.note_published")
        post_save.connect(_note_saved, sender=Revision, dispatch_uid="articles.note_saved")
        post_save.connect(_note_evidence, sender=Evidence, dispatch_uid="articles.note_evidence")
        personal_data.register(personal_data.Holder(("articles.Person",), privacy.export, privacy.erase))
        personal_data.register(
            personal_data.Holder(privacy.ABOUT_COLLEAGUES, privacy.export_ledger, privacy.erase_ledger)
        )
        personal_data.register(
            personal_data.Holder(privacy.REPORTED, privacy.export_reports, privacy.erase_reports)
        )


def _note_published(*, instance: Any, **kwargs: Any) -> None:
    from . import actions, stored_readings, tasks

    actions.note_published(instance)
    if not stored_readings.keep_published(instance):
        transaction.on_commit(lambda: tasks.read_published(instance.pk), robust=True)
    transaction.on_commit(lambda: tasks.count_published(instance.pk), robust=True)


def _note_saved(*, instance: Any, raw: bool = False, **kwargs: Any) -> None:
    from . import link_checks, tasks
    from .models import Article

    if raw or instance.content_type.model_class() is not Article:
        return
    transaction.on_commit(lambda: tasks.read_saved(instance.pk), robust=True)
    _look_at(link_checks.links_in(instance.content.get("sources")))


def _note_evidence(*, instance: Any, raw: bool = False, **kwargs: Any) -> None:
    if not raw and instance.link:
        _look_at([instance.link])


def _look_at(links: Iterable[str]) -> None:
    from . import link_checks, tasks

    if link_checks.are_new(links):
        transaction.on_commit(lambda: tasks.look_at_new_links(), robust=True)
