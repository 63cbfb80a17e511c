"""Mails about corrections are signed as editions are, with the key in use when they leave."""

import datetime as dt

import pytest
from verifying import tags, verifies

from depeche.delivery import dkim_keys
from depeche.newsletters import actions, correcting
from depeche.newsletters.correction_lane import CorrectionLane
from depeche.newsletters.models import CorrectionDelivery

pytestmark = pytest.mark.django_db


def test_a_mail_about_a_correction_verifies_also_after_the_key_was_changed(
    subscribe, compose, editor, wrong, correct, mailroom
):
    readers = [subscribe(f"lecteur-{number}@exemple.test") for number in range(3)]
    actions.send(compose(wrong, to=readers[0].newsletter), by=editor)
    mailroom.deliver()
    correcting.plan(correct(wrong))
    rows = [row.pk for row in CorrectionDelivery.objects.all()]
    assert len(rows) == 3
    for selector in ("", "vieux", "neuf"):
        if selector:
            key = dkim_keys.create("depeche.test", selector=selector, today=dt.date(2026, 11, 26))
            dkim_keys.use(dkim_keys.find(selector))
        for copy in CorrectionLane().load(rows):
            content = bytes(copy.content)
            assert content.startswith(b"DKIM-Signature:") == bool(selector)
            if selector:
                assert verifies(content, key)
                assert {"references", "feedback-id"} < set(tags(content)["h"].split(":"))
