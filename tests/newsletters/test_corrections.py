"""A correction reaches exactly those whose copy carried the wrong words and who still read us, each once."""

import datetime as dt
import time

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from depeche.articles import correcting as articles
from depeche.delivery.acks import Fates
from depeche.delivery.models import State
from depeche.newsletters import actions, correcting, rendering, tasks
from depeche.newsletters.correction_lane import CorrectionLane
from depeche.newsletters.models import CorrectionDelivery, CorrectionMailing, EditionDelivery
from depeche.subscribers import actions as subscribers
from depeche.subscribers import privacy, tokens
from depeche.subscribers.models import Newsletter, Subscriber, Subscription
from depeche.subscribers.recording import Shown

pytestmark = pytest.mark.django_db
MISTAKE = articles.Mistake("80 mètres", "60 mètres")


@pytest.fixture
def second_newsletter(newsletter):
    return Newsletter.objects.create(
        name="Le soir", slug="soir", language="fr", sender_name="Le Courrier", sender_address="s@depeche.test"
    )


@pytest.fixture
def sent(compose, editor, mailroom):
    """Send these articles to everybody who subscribes now."""

    def _sent(*given, to=None):
        edition = actions.send(compose(*given, **({"to": to} if to else {})), by=editor)
        mailroom.deliver()
        edition.refresh_from_db()
        return edition

    return _sent


def told(mailroom, before):
    return sorted(mail["To"] for mail in mailroom.deliver()[before:])


def test_it_reaches_those_who_were_sent_the_wrong_words(sent, wrong, correct, write, subscribe, mailroom):
    subscribe("lea@exemple.test"), subscribe("ali@exemple.test")
    sent(wrong)
    subscribe("plus-tard@exemple.test")
    sent(write("Autre chose"))  # reached by an edition, but not by that one
    correction = correct(wrong)
    assert correcting.plan(correction) == 2
    before = len(mailroom.caught())
    assert told(mailroom, before) == ["ali@exemple.test", "lea@exemple.test"]


def test_an_edition_that_carried_the_right_words_is_no_reason_to_write(sent, wrong, correct, subscribe, mend):
    subscribe("ancien@exemple.test")
    sent(wrong)
    mended = mend(wrong)
    subscribe("nouveau@exemple.test")
    sent(mended)
    correction = correct(mended)
    correcting.plan(correction)
    assert [row.subscriber.address for row in correction.deliveries.all()] == ["ancien@exemple.test"]


def test_words_published_again_unchanged_are_as_wrong(sent, wrong, correct, subscribe, editor):
    """The same content again is no version of its own, but a revision of its own, which the edition carries."""
    wrong.save_revision(user=editor).publish()
    subscribe()
    edition = sent(wrong)
    correction = correct(wrong)
    carried = edition.items.get().revision
    assert carried not in [version.revision for version in correction.wrong_versions.all()]
    assert correcting.plan(correction) == 1


def test_who_left_since_is_not_written_to(sent, wrong, correct, subscribe, mailroom):
    subscribe("reste@exemple.test")
    leaves_before, leaves_after = subscribe("avant@exemple.test"), subscribe("apres@exemple.test")
    sent(wrong)
    subscribers.withdraw(leaves_before.key, shown=Shown("", "fr", "unsubscribe", "/"))
    correction = correct(wrong)
    assert correcting.plan(correction) == 2
    subscribers.withdraw(leaves_after.key, shown=Shown("", "fr", "unsubscribe", "/"))
    before = len(mailroom.caught())
    assert told(mailroom, before) == ["reste@exemple.test"]
    assert CorrectionDelivery.objects.get(copy__subscription=leaves_after).state == State.SUPPRESSED


def test_two_newsletters_that_carried_it_make_one_mail(
    sent, wrong, correct, subscribe, mailroom, second_newsletter
):
    subscribe(), subscribe(to=second_newsletter)
    sent(wrong), sent(wrong, to=second_newsletter)
    correction = correct(wrong)
    assert articles.audience(correction.article, MISTAKE).readers == 1
    assert correcting.plan(correction) == 1
    before = len(mailroom.caught())
    (mail,) = mailroom.deliver()[before:]
    assert mail["List-Id"] == second_newsletter.list_id, "the newest copy says why they get it"


def test_who_leaves_one_newsletter_is_told_as_a_reader_of_the_other(
    sent, wrong, correct, subscribe, mailroom, newsletter, second_newsletter
):
    subscribe()
    leaving = subscribe(to=second_newsletter)
    sent(wrong), sent(wrong, to=second_newsletter)
    correcting.plan(correct(wrong))
    subscribers.withdraw(leaving.key, shown=Shown("", "fr", "unsubscribe", "/"))
    before = len(mailroom.caught())
    (mail,) = mailroom.deliver()[before:]
    assert mail["List-Id"] == newsletter.list_id


@pytest.mark.parametrize(
    ("state", "is_told"),
    [
        (State.SENT, True),
        (State.UNCERTAIN, True),
        (State.FAILED, False),
        (State.SUPPRESSED, False),
        (State.UNSUPPORTED_ADDRESS, False),
        (State.PENDING, False),
    ],
)
def test_what_became_of_the_copy_decides(compose, editor, wrong, correct, subscribe, state, is_told):
    subscribe()
    actions.send(compose(wrong), by=editor)
    EditionDelivery.objects.update(state=state)
    assert correcting.plan(correct(wrong)) == int(is_told)


def test_a_copy_still_on_its_way_is_followed_by_the_correction(
    compose, editor, wrong, correct, subscribe, mailroom
):
    subscribe()
    actions.send(compose(wrong), by=editor)  # and nothing delivered yet
    correction = correct(wrong)
    assert articles.audience(correction.article, MISTAKE).readers == 1
    assert correcting.plan(correction) == 0
    assert CorrectionMailing.objects.get().planned_at is None
    mailroom.deliver()
    assert correcting.plan_due() == 1
    assert CorrectionMailing.objects.get().planned_at
    assert mailroom.deliver()[-1]["Subject"].startswith("Correction")
    assert correcting.plan_due() == 0


def test_planning_twice_enters_nobody_twice(sent, wrong, correct, subscribe):
    subscribe()
    sent(wrong)
    correction = correct(wrong)
    assert correcting.plan(correction) == 1
    assert correcting.plan(correction) == 0
    tasks.plan_correction.call_local(correction.pk)
    assert CorrectionDelivery.objects.count() == 1
    row = CorrectionDelivery.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        CorrectionDelivery.objects.create(
            correction=correction, subscriber=row.subscriber, copy=row.copy, due_at=timezone.now()
        )


def test_a_lost_task_is_made_good(sent, wrong, correct, subscribe):
    subscribe()
    sent(wrong)
    correct(wrong)
    tasks.plan_corrections.call_local()
    assert CorrectionDelivery.objects.count() == 1


def test_nobody_is_told_of_what_is_not_to_be_told(sent, wrong, correct, subscribe):
    subscribe()
    sent(wrong)
    correction = correct(wrong, tells_readers=False)
    assert correcting.plan(correction) == correcting.plan_due() == 0
    assert not CorrectionDelivery.objects.exists()


def test_publishing_it_asks_the_worker_to_plan(
    sent, wrong, correct, subscribe, django_capture_on_commit_callbacks
):
    from huey.contrib.djhuey import HUEY

    subscribe()
    sent(wrong)
    HUEY.flush()
    with django_capture_on_commit_callbacks(execute=True):
        correction = correct(wrong)
    jobs = iter(HUEY.dequeue, None)
    assert [job.args for job in jobs if job.name == "newsletters.plan_correction"] == [(correction.pk,)]


def test_after_a_takedown_its_words_are_not_repeated(sent, wrong, correct, subscribe, mailroom, editor):
    from depeche.articles import actions as newsroom

    subscribe()
    sent(wrong)
    correction = correct(wrong)
    correcting.plan(correction)
    newsroom.take_down(correction.article, reason="Décision de justice.", by=editor)
    before = len(mailroom.caught())
    assert told(mailroom, before) == []


def test_the_mail_says_what_was_wrong_and_why_it_comes(sent, wrong, correct, subscribe, mailroom, newsletter):
    subscription = subscribe()
    edition = sent(wrong)
    correction = correct(wrong)
    correcting.plan(correction)
    mail = mailroom.deliver()[-1]
    assert mail["Subject"] == "Correction\u00a0: La passerelle rouvrira"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    leave = f"/unsubscribe/{tokens.for_leaving(subscription.key)}/"
    assert mail["List-Unsubscribe"].endswith(f"{leave}>")
    assert mail["References"].startswith(f"<e{edition.pk}.")
    for part in ("plain", "html"):
        words = mail.get_body((part,)).get_content()
        for told in (
            "La longueur de la passerelle était fausse.",
            "80 mètres",
            "60 mètres",
            f"/actualites/la-passerelle-rouvrira/#correction-{correction.pk}",
            newsletter.name,
            leave,
        ):
            assert told in words.replace("\n", " "), (part, told)
        assert "slot-" not in words
    assert "<script" not in words
    assert "<img" not in words


def test_the_mail_speaks_the_language_of_the_newsletter(
    compose, editor, wrong, correct, subscribe, mailroom, newsroom
):
    english = Newsletter.objects.get(language="en")
    subscribe(to=english)
    actions.send(compose(wrong, to=english), by=editor)
    mailroom.deliver()
    correcting.plan(correct(wrong))
    with translation.override("fr"):
        text = mailroom.deliver()[-1].get_body(("plain",)).get_content()
    assert "We wrote: “80" in text
    assert "You receive this because no. 1 of" in text.replace("\n", " ")


def test_hostile_words_stay_words(sent, wrong, editor, mend, subscribe, mailroom):
    subscribe()
    wrong = mend(wrong, "<p>80 mètres &lt;script&gt;alert(1)&lt;/script&gt; selon la mairie.</p>")
    sent(wrong)
    wrong.title = "Une passerelle\r\nBcc: tous@exemple.test"
    wrong.save(clean=False)
    correction = articles.file_correction(
        mend(wrong),
        kind="correction",
        was="80 mètres <script>alert(1)</script>",
        now="60 mètres",
        reason="Faux\r\nBcc: tous@exemple.test \u202e<b>",
        tells_readers=True,
        by=editor,
    )
    correcting.plan(correction)
    mail = mailroom.deliver()[-1]
    assert mail["Bcc"] is None
    assert "Une passerelle Bcc" in mail["Subject"]
    html = mail.get_body(("html",)).get_content()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "\u202e" not in html + mail.get_body(("plain",)).get_content()


def test_the_same_mail_keeps_its_message_id(sent, wrong, correct, subscribe):
    subscribe()
    sent(wrong)
    correcting.plan(correct(wrong))
    key = CorrectionDelivery.objects.get().pk
    ids = {
        line
        for _ in range(2)
        for message in CorrectionLane().load([key])
        for line in bytes(message.content).split(b"\r\n")
        if line.startswith(b"Message-ID")
    }
    assert len(ids) == 1


def test_the_newsroom_sees_how_many_were_told(sent, wrong, correct, subscribe, mailroom):
    subscribe("lea@exemple.test"), subscribe("ali@exemple.test")
    sent(wrong)
    correction = correct(wrong)
    assert articles.progress(correction) == []
    correcting.plan(correction)
    assert [count for _label, count in articles.progress(correction)] == [2]
    mailroom.deliver()
    assert articles.progress(correction) == [("accepté par le serveur de courrier", 2)]


def test_a_reader_may_see_and_take_away_what_is_known(sent, wrong, correct, subscribe):
    subscribe()
    sent(wrong)
    correcting.plan(correct(wrong))
    assert privacy.export("lea@exemple.test")["corrections"]
    privacy.erase("lea@exemple.test")
    assert not CorrectionDelivery.objects.exists()
    assert correcting.plan_due() == 0


@pytest.mark.quiet
def test_ten_thousand_readers_of_two_editions_are_planned_at_once(
    compose, editor, wrong, correct, newsletter, second_newsletter
):
    now = timezone.now()
    readers = Subscriber.objects.bulk_create(
        Subscriber(
            address=f"l{n}@exemple.test", address_key=f"l{n}@exemple.test", language="fr", created_at=now
        )
        for n in range(12_000)
    )

    def confirmed(reader, newsletter):
        return Subscription(
            subscriber=reader, newsletter=newsletter, state="confirmed", requested_at=now, confirmed_at=now
        )

    # 6,000 read one, 6,000 the other, of whom 2,000 both: 10,000 readers. 2,000 get an edition without the article.
    first = [confirmed(reader, newsletter) for reader in readers[:6_000]]
    second = [confirmed(reader, second_newsletter) for reader in readers[4_000:10_000]]
    Subscription.objects.bulk_create([*first, *second])
    for to in (newsletter, second_newsletter):
        actions.send(compose(wrong, to=to), by=editor)
    Subscription.objects.bulk_create(confirmed(reader, newsletter) for reader in readers[10_000:])
    EditionDelivery.objects.update(state=State.SENT, finished_at=now)
    left = Subscription.objects.filter(newsletter=newsletter, subscriber__in=readers[:500])
    left.update(state="withdrawn", withdrawn_at=now)
    correction = correct(wrong)
    begun = time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        assert correcting.plan(correction) == 9_500
    took_s = time.perf_counter() - begun
    assert correcting.plan(correction) == 0
    assert CorrectionDelivery.objects.values("subscriber").distinct().count() == 9_500
    assert articles.audience(correction.article, MISTAKE).readers == 9_500
    assert len(queries) < 200, "batches, no query per reader"
    assert took_s < 5


def test_rows_of_a_worker_that_died_are_tried_again_or_uncertain(sent, wrong, correct, subscribe, mailroom):
    for number in range(3):
        subscribe(f"l{number}@exemple.test")
    sent(wrong)
    correcting.plan(correct(wrong))
    lane, now = CorrectionLane(), timezone.now()
    begun = lane.lease(3, worker="w1", at=now)[0]  # and here it dies
    lane.take_over(Fates(begun={(lane.name, begun.key)}), worker="w1", at=now)
    mailroom.deliver()
    states = sorted(CorrectionDelivery.objects.values_list("state", flat=True))
    assert states == [State.SENT, State.SENT, State.UNCERTAIN]


def test_the_next_edition_says_what_was_put_right_since(
    compose, editor, wrong, correct, write, subscribe, mailroom, client, time_machine
):
    time_machine.move_to(timezone.now() + dt.timedelta(minutes=1), tick=True)
    subscribe()
    first = actions.send(compose(wrong), by=editor)
    time_machine.move_to(timezone.now() + dt.timedelta(minutes=1), tick=True)
    correction = correct(wrong, tells_readers=False)
    time_machine.move_to(timezone.now() + dt.timedelta(minutes=1), tick=True)
    second = actions.send(compose(write("Autre chose")), by=editor)
    time_machine.move_to(timezone.now() + dt.timedelta(minutes=1), tick=True)
    third = actions.send(compose(write("Encore autre chose")), by=editor)
    mails = mailroom.deliver()
    assert len(mails) == 3
    for mail, told in zip(mails, (False, True, False), strict=True):
        for part in ("plain", "html"):
            words = mail.get_body((part,)).get_content()
            assert ("La longueur de la passerelle était fausse." in words) is told
            assert (f"#{correction.anchor}" in words) is told
    for edition, told in ((first, False), (second, True), (third, False)):
        page = client.get(f"/editions/{edition.newsletter.slug}/{edition.number}/").content.decode()
        assert ("La longueur de la passerelle était fausse." in page) is told


def test_before_the_first_edition_nothing_was_put_right_in_one(compose, editor, wrong, correct, subscribe):
    correct(wrong)
    assert rendering.corrections_since_the_last(compose(wrong)) == []
