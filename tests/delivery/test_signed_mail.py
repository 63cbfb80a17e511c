"""All mail leaves signed with the key that is in use when it leaves; as received, another's verifier accepts it."""

import datetime as dt
import re

import pytest
from django.contrib.auth.forms import PasswordResetForm
from django.utils import timezone
from verifying import tags, verifies

from depeche.delivery import actions, dkim_keys, provider_mail
from depeche.delivery.lanes import TRANSACTIONAL
from depeche.delivery.messages import feedback_id
from depeche.delivery.models import State, TransactionalMessage
from depeche.newsletters import actions as editions
from depeche.newsletters import filling
from depeche.newsletters.lane import EditionLane
from depeche.newsletters.models import EditionDelivery

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 26)
DOMAIN = "depeche.test"  # of the sender of a newsroom just set up


@pytest.fixture
def use():
    """Make a key and use it."""

    def _use(selector="", domain=DOMAIN):
        key = dkim_keys.create(domain, selector=selector, today=TODAY)
        dkim_keys.use(dkim_keys.find(key.selector, domain=domain))
        return key

    return _use


def a_mail(text="Le jeton : 123", **fields):
    fields = {"sender": f"Le Courrier <redaction@{DOMAIN}>", "recipient": "lea@exemple.test"} | fields
    return actions.send(subject="Objet", text=text, **fields)


def received(server, count=1):
    found = [content for _recipient, content in server.accepted]
    assert len(found) == count
    return found


def test_an_edition_verifies_as_received(sending, mta, engine_to, use):
    key, server = use(), mta()
    sending([f"lecteur-{number}@exemple.test" for number in range(5)])
    assert engine_to(server).drain()
    for content in received(server, 5):
        assert verifies(content, key)
        assert tags(content)["d"] == DOMAIN
        signed = tags(content)["h"].split(":")
        heads = {
            name.lower() for name in re.findall(r"(?m)^([\w-]+):", content.decode().split("\r\n\r\n")[0])
        }
        assert heads - set(signed) == {"dkim-signature", "precedence"}
        assert {"list-unsubscribe", "list-unsubscribe-post", "list-id", "feedback-id"} < set(signed)


@pytest.mark.django_db(transaction=True)
def test_a_key_changed_in_mid_edition_signs_what_leaves_from_then_on(sending, mta, deliver, use):
    old, server, keys = use("vieux"), mta(), []
    edition = sending([f"lecteur-{number}@exemple.test" for number in range(1_200)])

    def look(stop):
        if server.accepted and not keys:
            keys.append(use("neuf"))
        if edition.deliveries.filter(state=State.SENT).count() == 1_200:
            stop.set()

    deliver(server, look)
    contents = received(server, 1_200)
    selectors = [tags(content)["s"] for content in contents]
    assert selectors[0] == "vieux"
    assert selectors.count("neuf") >= 300  # two leases of 400 may have been on their way
    assert all(verifies(content, old, *keys) for content in contents)


def test_the_test_of_an_edition_verifies(newsletter, editor, write, mta, engine_to, use):
    key, server = use(), mta()
    draft = editions.compose_edition(
        newsletter, subject="Été", introduction="", articles=[write()], by=editor
    )
    editions.send_test(draft, to=["lea@exemple.test"])
    assert engine_to(server).drain()
    assert verifies(*received(server), key)


def test_a_mail_that_somebody_waits_for_verifies(mta, engine_to, use):
    key, server = use(), mta()
    a_mail(".\n..\nÉlise  a dit :\t« oui »  \n.\n\n\n", html="<p>.</p>")
    assert engine_to(server).drain()
    (content,) = received(server)
    assert content.isascii()
    assert verifies(content, key)
    assert not verifies(content.replace(b"oui", b"non"), key)


def test_what_was_kept_before_there_was_a_key_is_signed(mta, engine_to, use):
    server = mta()
    a_mail()
    key = use()
    assert engine_to(server).drain()
    assert verifies(*received(server), key)


def test_what_is_tried_again_is_signed_with_the_key_of_that_hour(mta, engine_to, use):
    use("vieux")
    server = mta({("END", 1): "451 4.3.0 later"})
    a_mail()
    assert engine_to(server).drain()
    assert not server.accepted
    key = use("neuf")
    TransactionalMessage.objects.update(due_at=timezone.now())
    assert engine_to(server).drain()
    (content,) = received(server)
    assert tags(content)["s"] == "neuf"
    assert verifies(content, key)


def test_a_new_password_verifies(editor, mta, engine_to, use):
    key, server = use(), mta()
    form = PasswordResetForm({"email": editor.email})
    assert form.is_valid()
    form.save(domain_override=DOMAIN, email_template_name="wagtailadmin/account/password_reset/email.txt")
    assert engine_to(server).drain()
    assert verifies(*received(server), key)


def test_what_the_catcher_keeps_is_signed_too(use, mailroom):
    use()
    a_mail()
    (mail,) = mailroom.deliver()
    assert f"d={DOMAIN}" in mail["DKIM-Signature"]


def test_mail_of_another_domain_leaves_unsigned(mta, engine_to, use):
    use(domain="ailleurs.test")
    server = mta()
    a_mail()
    assert engine_to(server).drain()
    assert b"DKIM-Signature" not in received(server)[0]


def test_without_a_key_a_copy_costs_what_it_did(sending, monkeypatch):
    sending(["lea@exemple.test"])
    asked = []
    monkeypatch.setattr(filling.signing, "SignedMail", asked.append)
    (copy,) = EditionLane().load([EditionDelivery.objects.get().pk])
    assert copy._mail._fill == copy._mail._message.fill
    assert bytes(copy.content).startswith(b"From:")
    assert not asked
    row = a_mail()
    (message,) = TRANSACTIONAL.load([row.pk])
    assert message.content is message._kept


def test_a_provider_is_not_given_a_signature_of_what_it_writes_anew(use):
    use()
    row = a_mail()
    (message,) = TRANSACTIONAL.load([row.pk])
    assert bytes(message.content).startswith(b"DKIM-Signature:")
    mail = provider_mail.as_mail(message, "brevo", is_told=False)
    assert "DKIM-Signature" not in mail.extra_headers
    assert "Message-ID" in mail.extra_headers


def test_a_key_is_no_longer_used_once_it_is_retired(mta, engine_to, use):
    key, server = use(), mta()
    a_mail()
    assert engine_to(server).drain()
    dkim_keys.retire(dkim_keys.find(key.selector))
    a_mail()
    assert engine_to(server).drain()
    one, other = received(server, 2)
    assert verifies(one, key)
    assert b"DKIM-Signature" not in other


@pytest.mark.parametrize(
    ("domain", "name"),
    [
        (DOMAIN, "depechetest"),
        ("a.fr", "afr00"),
        ("lettre.du-matin.example.org", "lettredumatinex"),
        ("", "00000"),
    ],
)
def test_gmail_is_told_by_what_to_count(domain, name):
    found = feedback_id(f"Le Courrier <redaction@{domain}>", "edition", what="e12", of="matin")
    assert found == f"e12:matin:edition:{name}"


def test_what_somebody_waits_for_is_counted_apart(mailroom):
    a_mail(purpose="confirmation")
    (mail,) = mailroom.deliver()
    assert mail["Feedback-ID"] == "::confirmation:depechetest"
