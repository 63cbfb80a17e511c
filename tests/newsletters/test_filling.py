"""What a reader gets from the compiled mail is what composing it for them alone would make."""

import email
import email.policy

import pytest

from depeche.delivery import messages
from depeche.delivery.lanes import InHand
from depeche.newsletters import actions, correcting, correction_mail, rendering
from depeche.newsletters.correction_lane import CorrectionLane
from depeche.newsletters.lane import EditionLane
from depeche.newsletters.models import CorrectionDelivery, Edition, EditionDelivery
from depeche.ops import demo
from depeche.subscribers.actions import leave_url, preferences_url
from depeche.subscribers.models import Newsletter, Subscriber

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(subscribe):
    """A reader of the newsletter in a language."""

    def _read(language):
        subscription = subscribe(to=Newsletter.objects.get(language=language))
        Subscriber.objects.update(language=language)
        subscription.refresh_from_db()
        return subscription

    return _read


@pytest.fixture(params=["fr", "en"])
def reader(request, read):
    return read(request.param)


def links_of(subscription):
    return rendering.Links(
        leave_url(subscription.key, subscription.subscriber.language),
        preferences_url(subscription.subscriber.key, subscription.subscriber.language),
    )


def composed(subscription, edition, mail, *, counted, **more):
    newsletter = edition.newsletter
    return messages.compose(
        sender=newsletter.sender,
        recipient=subscription.subscriber.address,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        headers={
            "List-Id": newsletter.list_id,
            "List-Unsubscribe": f"<{leave_url(subscription.key, subscription.subscriber.language)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "List-Archive": f"<{edition.web_url}>",
            "Auto-Submitted": "auto-generated",
            "Precedence": "bulk",
            "Feedback-ID": f"{counted}:depechetest",
            **({"Reply-To": newsletter.reply_to} if newsletter.reply_to else {}),
            **more,
        },
    )


def headers_of(mail):
    return sorted((name, str(value)) for name, value in mail.items() if name not in ("Date", "Content-Type"))


def words_of(mail, kind):
    return mail.get_body((kind,)).get_content().replace("\r\n", "\n")


def id_of(message):
    return email.message_from_bytes(bytes(message.content), policy=email.policy.default)["Message-ID"]


def assert_alike(filled, once):
    assert (filled.sender, filled.recipient) == (once.sender, once.recipient)
    assert id_of(filled) == once.message_id
    ours, theirs = (
        email.message_from_bytes(bytes(found.content), policy=email.policy.default)
        for found in (filled, once)
    )
    assert headers_of(ours) == headers_of(theirs)
    assert abs((ours["Date"].datetime - theirs["Date"].datetime).total_seconds()) < 60
    assert ours.get_content_type() == "multipart/alternative"
    for kind in ("plain", "html"):
        assert words_of(ours, kind) == words_of(theirs, kind)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_copy_of_the_demo_edition(language, newsroom, read, editor):
    newsroom.make_first_editor()
    demo.load()
    reader = read(language)
    edition = actions.send(Edition.objects.get(newsletter=reader.newsletter, number=None), by=editor)
    (filled,) = EditionLane().load([EditionDelivery.objects.get(subscription=reader).pk])
    mail = rendering.render(edition, links=links_of(reader))
    counted = f"e{edition.pk}:{reader.newsletter.slug}:edition"
    once = composed(reader, edition, mail, counted=counted, **{"Message-ID": id_of(filled)})
    assert_alike(filled, once)


def test_a_mail_about_a_correction(reader, compose, editor, wrong, correct, mailroom):
    edition = actions.send(compose(wrong, to=reader.newsletter), by=editor)
    mailroom.deliver()
    correction = correct(wrong)
    correcting.plan(correction)
    (filled,) = CorrectionLane().load([CorrectionDelivery.objects.get().pk])
    (copy,) = EditionLane().load([EditionDelivery.objects.get().pk])
    once = composed(
        reader,
        edition,
        correction_mail.render(correction, edition, links_of(reader)),
        counted=f"c{correction.pk}:{reader.newsletter.slug}:correction",
        **{"Message-ID": id_of(filled), "References": id_of(copy)},
    )
    assert_alike(filled, once)
    assert id_of(filled) != id_of(copy)


@pytest.mark.parametrize("address", ["lea@exemple.test", '"l@a"@Exemple.TEST', "lea"])
def test_a_copy_in_hand_has_all_that_a_message_in_hand_has(reader, compose, editor, address):
    actions.send(compose(to=reader.newsletter), by=editor)
    Subscriber.objects.update(address=address)
    lane = EditionLane()
    (copy,) = lane.load([EditionDelivery.objects.get().pk])
    message = InHand(lane, copy.key, copy.sender, address)
    assert [getattr(copy, name) for name in InHand.__slots__] == [
        getattr(message, name) for name in InHand.__slots__
    ]


def test_a_sender_put_right_is_in_the_copies_still_to_come(reader, compose, editor):
    actions.send(compose(to=reader.newsletter), by=editor)
    key = EditionDelivery.objects.get().pk
    EditionLane().load([key])
    Newsletter.objects.filter(pk=reader.newsletter_id).update(sender_address="autre@depeche.test")
    (filled,) = EditionLane().load([key])
    assert filled.sender == "autre@depeche.test"
    assert b"<autre@depeche.test>" in bytes(filled.content)


def test_what_nobody_in_particular_is_shown_leads_to_subscribing(compose):
    mail = rendering.render(compose())
    assert "/subscribe/" in mail.text
    assert "/subscribe/" in mail.html
    assert "slot-" not in mail.text + mail.html
