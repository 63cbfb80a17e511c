from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from . import auditing, desk_counts, link_checks, reporting, scheduling, stored_readings
from .models import Article


@db_periodic_task(crontab(), name="articles.publish_scheduled")
def publish_scheduled() -> None:
    """Each minute: what an editor scheduled in the editor goes live, or comes down."""
    scheduling.publish_due()


@db_task(name="articles.read_saved")
def read_saved(revision_id: int) -> None:
    """After each save: the desk reads the draft, so that its ledger is on record."""
    stored_readings.read_saved(revision_id)


@db_task(name="articles.read_published")
def read_published(article_id: int) -> None:
    """Where a text went to readers and its reading was not at hand."""
    article = Article.objects.live().filter(pk=article_id).first()
    if article:
        stored_readings.read_published(article)
        desk_counts.note(article)


@db_task(name="articles.count_published")
def count_published(article_id: int) -> None:
    """Where a text went to readers: what the desk counts in it."""
    article = Article.objects.live().filter(pk=article_id).first()
    if article:
        desk_counts.note(article)


@db_periodic_task(crontab(minute="*/5"), name="articles.read_the_unread")
def read_the_unread() -> None:
    """Every five minutes: what the two tasks above missed."""
    stored_readings.sweep()


@db_periodic_task(crontab(minute="*/3"), name="articles.look_at_links")
def look_at_links() -> None:
    """Every three minutes: a few links that are due."""
    link_checks.look()


@db_task(name="articles.look_at_new_links")
def look_at_new_links() -> None:
    """After a link was added: note it, and come back when it is typed to its end."""
    if link_checks.look():
        look_at_new_links.schedule(delay=link_checks.TYPED_BY_THEN.total_seconds() + 5)


@db_periodic_task(crontab(hour="4", minute="10"), name="articles.audit_the_gate")
def audit_the_gate() -> None:
    """Every night: whether everything readers have passed the gate."""
    auditing.audit()


@db_periodic_task(crontab(minute="25"), name="articles.forget_reporters")
def forget_reporters() -> None:
    """Every hour: who reported an error is forgotten in time."""
    reporting.forget()


@db_periodic_task(crontab(minute="35"), name="articles.keep_desk_figures")
def keep_desk_figures() -> None:
    """Every hour: what the desk counts in texts that readers have, where it is not noted yet."""
    desk_counts.keep_up()
