"""An edition on its way to many readers, for benchmarks that send it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser

    from depeche.articles.models import Article


def prepared(messages: int) -> int:
    """The key of an edition under way to so many readers, in a database that was empty."""
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.utils import timezone
    from huey.contrib.djhuey import HUEY

    from depeche import keys
    from depeche.articles.models import Article, Section
    from depeche.newsletters import actions
    from depeche.ops import newsroom
    from depeche.subscribers.models import Newsletter, Subscriber, Subscription

    call_command("migrate", verbosity=0)
    HUEY.storage.initialize_schema()
    newsroom.set_up()
    editor = get_user_model().objects.create_superuser("morel", "morel@exemple.test", "un long mot de passe")
    newsletter, now = Newsletter.objects.get(language="fr"), timezone.now()
    section = Section.objects.get(slug="actualites")
    article = Article(title="La passerelle rouvrira", live=False, locale=section.locale)
    article.body = [("paragraph", "<p>La mairie l’annonce pour le printemps.</p>")]
    section.add_child(instance=article)
    article.save_revision(user=editor)
    article = published(article, editor)
    readers = Subscriber.objects.bulk_create(
        [
            Subscriber(
                address=f"lecteur-{number}@exemple.test",
                address_key=f"lecteur-{number}@exemple.test",
                address_hash=keys.address_hash(f"lecteur-{number}@exemple.test"),
                language="fr",
                created_at=now,
                last_contact_at=now,
            )
            for number in range(messages)
        ],
        batch_size=500,
    )
    Subscription.objects.bulk_create(
        [
            Subscription(
                subscriber=reader,
                newsletter=newsletter,
                state="confirmed",
                requested_at=now,
                confirmed_at=now,
            )
            for reader in readers
        ],
        batch_size=500,
    )
    draft = actions.compose_edition(
        newsletter, subject="Du jour", introduction="", articles=[article], by=editor
    )
    return actions.send(draft, by=editor).pk


def published(article: Article, editor: AbstractUser) -> Article:
    """The article before readers, once the desk has read it; on a busy machine that takes more than one question."""
    from depeche.articles import actions
    from depeche.articles.desk_seam import DeskUnreachable
    from depeche.articles.gatekeeping import GateClosed

    for _ in range(9):
        try:
            return actions.publish(article, by=editor)
        except GateClosed as closed:
            if not isinstance(closed.__cause__, DeskUnreachable):
                raise
    return actions.publish(article, by=editor)
