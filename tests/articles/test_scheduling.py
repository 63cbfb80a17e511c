"""What was scheduled in the editor happens."""

import datetime as dt

import pytest
from django.utils import timezone

from depeche.articles.tasks import publish_scheduled


@pytest.mark.django_db
def test_a_scheduled_article_goes_live_in_its_time(write, editor, time_machine):
    draft = write(published=False)
    draft.go_live_at = timezone.now() + dt.timedelta(hours=1)
    draft.save_revision(user=editor).publish(user=editor)
    publish_scheduled.call_local()
    draft.refresh_from_db()
    assert not draft.live
    time_machine.move_to(timezone.now() + dt.timedelta(hours=1, minutes=1))
    publish_scheduled.call_local()
    draft.refresh_from_db()
    assert draft.live
    assert draft.changed_at
