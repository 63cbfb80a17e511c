"""What the tests of newsletters share: editions, and an article that was wrong."""

import pytest
from newsroom_days import SEVEN, paris

from depeche.articles import actions as articles
from depeche.articles import correcting
from depeche.articles.models import Article
from depeche.newsletters import actions, digesting

WRONG = "<p>La passerelle mesure 80 mètres, selon la mairie.</p>"
RIGHT = "<p>La passerelle mesure 60 mètres, selon la mairie.</p>"


@pytest.fixture
def compose(newsletter, editor, write):
    def _compose(*articles, subject="La passerelle rouvre", introduction="Bonjour.", to=newsletter):
        return actions.compose_edition(
            to, subject=subject, introduction=introduction, articles=articles or [write()], by=editor
        )

    return _compose


@pytest.fixture
def wrong(write):
    """An article that says 80 for 60."""
    return write(body=[("paragraph", WRONG)])


@pytest.fixture
def mend(editor):
    """Publish an article with other words."""

    def _mend(article, words=RIGHT):
        article = Article.objects.get(pk=article.pk)
        article.body = [("paragraph", words)]
        article.save_revision(user=editor)
        return articles.publish(article, by=editor)

    return _mend


@pytest.fixture
def correct(editor, mend):
    """Mend the article and file the correction, telling readers."""

    def _correct(article, **changed):
        article = mend(article)
        values = {
            "kind": "correction",
            "was": "80 mètres",
            "now": "60 mètres",
            "reason": "La longueur de la passerelle était fausse.",
            "tells_readers": True,
            **changed,
        }
        return correcting.file_correction(article, by=editor, **values)

    return _correct


@pytest.fixture
def some_days_before(time_machine):
    time_machine.move_to(paris("3-24", 12), tick=False)


@pytest.fixture
def digest_on(newsletter, editor, subscribe):
    """A digest, and one reader; what is not said is: every day at 7, nobody looks first."""
    subscribe()

    def _digest_on(to=newsletter, **changed):
        values = {"is_on": True, "leaves_at": SEVEN, "weekdays": "1234567", "needs_review": False}
        return digesting.set_up(to, **(values | changed), by=editor)

    return _digest_on


@pytest.fixture
def publish_at(write):
    """An article that readers see since a moment."""

    def _publish_at(at, headline="La passerelle rouvrira", **fields):
        article = write(headline, **fields)
        Article.objects.filter(pk=article.pk).update(first_published_at=at)
        return Article.objects.get(pk=article.pk)

    return _publish_at


@pytest.fixture
def form_of():
    """What a browser sends of an edition whose form was opened, with some fields changed."""

    def _form_of(edition, **changed):
        items = list(edition.items.order_by("sort_order"))
        fields = {
            "newsletter": edition.newsletter_id,
            "subject": edition.subject,
            "introduction": edition.introduction,
            "items-TOTAL_FORMS": len(items),
            "items-INITIAL_FORMS": len(items),
            "items-MIN_NUM_FORMS": 1,
            "items-MAX_NUM_FORMS": 1000,
        }
        for at, item in enumerate(items):
            fields |= {f"items-{at}-id": item.pk, f"items-{at}-article": item.article_id}
            fields |= {f"items-{at}-ORDER": at + 1, f"items-{at}-DELETE": ""}
        return fields | changed

    return _form_of
