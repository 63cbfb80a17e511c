"""An edition through a real Postfix to mailboxes that are full, unknown, greylisted or closed to us: what becomes of each reader."""

import time

import pytest
from django.utils import timezone
from real_postfix import NoPostfix, Postfix

from depeche.delivery import bounces, mail_reports, suppression
from depeche.delivery.models import Reason, SoftBounces, State
from depeche.delivery.outside import Kind as Heard
from depeche.delivery.returned import Kind
from depeche.newsletters import actions, progress
from depeche.newsletters.models import Edition, EditionDelivery

pytestmark = [pytest.mark.django_db, pytest.mark.quiet]

EACH = 200
BACK = "bounces.exemple.test"
SAID = {
    "plein.test": "552 5.2.2 mailbox full",
    "inconnu.test": "550 5.1.1 user unknown",
    "gris.test": "451 4.7.1 greylisted, come back later",
    "ferme.test": "554 5.7.1 refused by policy",
    "bien.test": "250 2.1.5 ok",
}


@pytest.fixture
def postfix():
    """Open a Postfix; it closes with the test, which is left out where there can be none."""
    opened = []

    def _postfix(*lines):
        try:
            opened.append(Postfix(*lines))
        except NoPostfix as error:
            pytest.skip(f"no Postfix: {error}")
        return opened[-1]

    yield _postfix
    for one in opened:
        one.close()


def wait_until(is_so, within_s=180):
    until = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.2)


def test_each_of_a_thousand_readers_becomes_what_their_server_says(
    sending, engine_to, mta, postfix, settings
):
    settings.BOUNCE_ADDRESS = f"retours@{BACK}"
    edition = sending(f"lecteur{number}@{domain}" for domain in SAID for number in range(EACH))
    assert edition.deliveries.count() == 1_000
    far = mta({("RCPT", domain): said for domain, said in SAID.items() if domain != "bien.test"})
    back = mta()
    server = postfix(
        f"relayhost = [127.0.0.1]:{far.port}",
        f"transport_maps = inline:{{ {{{BACK} = smtp:[127.0.0.1]:{back.port}}} }}",
    )
    engine_to(server).drain()
    assert set(EditionDelivery.objects.values_list("state", flat=True)) == {
        State.SENT
    }  # Postfix took them all

    wait_until(lambda: len(back.accepted) >= 3 * EACH)
    wait_until(lambda: len(far.accepted) >= EACH)
    del far.rules["RCPT", "gris.test"]  # long enough
    wait_until(lambda: len(far.accepted) >= 2 * EACH)
    assert len(back.accepted) == 3 * EACH

    kinds = [bounces.take(raw).kind for _to, raw in back.accepted]
    assert {kind: kinds.count(kind) for kind in Kind if kind in kinds} == {
        Kind.HARD: EACH,
        Kind.SOFT: EACH,
        Kind.OURS: EACH,
    }
    assert not any(bounces.take(raw).is_new for _to, raw in back.accepted[::50])

    addresses = list(EditionDelivery.objects.values_list("subscription__subscriber__address", flat=True))
    held_back = suppression.blocked(addresses, purpose=suppression.NEWSLETTER)
    assert held_back == {f"lecteur{n}@inconnu.test": Reason.HARD_BOUNCE for n in range(EACH)}
    assert SoftBounces.objects.count() == EACH
    for domain in SAID:
        arrived = domain in ("bien.test", "gris.test")
        rows = EditionDelivery.objects.filter(subscription__subscriber__address__endswith=f"@{domain}")
        assert set(rows.values_list("state", flat=True)) == {State.SENT if arrived else State.FAILED}
        assert arrived or all(
            reply.startswith(SAID[domain][:9]) for reply in rows.values_list("reply", flat=True)
        )
    assert mail_reports.told_of(actions.about(edition.pk))[Heard.OURS] == EACH
    told = progress.progress(Edition.objects.get(pk=edition.pk), at=timezone.now()).why
    assert [why.words for why in told if why.code == "refused"] == ["5.7.1"]
