"""Makes a reader in each language. Run by `manage shell`; prints the pages they may meet and the mails they get, as JSON."""

import datetime as dt
import json
import sys
import uuid

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from depeche.delivery import actions as delivery
from depeche.newsletters import rendering
from depeche.newsletters.models import Edition
from depeche.subscribers import (
    actions,
    asking,
    publishing,
    retention,
    rights_mail,
    self_service,
    tokens,
)
from depeche.subscribers.legal import LegalText
from depeche.subscribers.models import Newsletter, Subscriber, Subscription
from depeche.subscribers.recording import Shown

SENT = []
send = delivery.send


def note(**mail):
    SENT.append(mail)
    return send(**mail)


delivery.send = note
now = timezone.now()
pages = {code: {} for code, _name in settings.LANGUAGES}


def subscribe(name, newsletter):
    shown = Shown("…", newsletter.language, "subscribe", settings.BASE_URL)
    actions.request(newsletter, address=f"{name}@e.test", language=newsletter.language, shown=shown)
    asked = Subscription.objects.get(subscriber__address=f"{name}@e.test")
    confirming = tokens.for_confirming(asked.key, asked.request_nonce)
    return asked, confirming, shown


def write_all(newsletter):
    """A page for each state, a mail for each kind, in the newsletter's language."""
    code = newsletter.language
    found = pages[code]

    def add(name, view, *args, path=""):
        with translation.override(code):
            found[name] = reverse(view, args=args) + path

    _asked, confirming, _shown = subscribe(f"jeanne.{code}", newsletter)
    add("confirm", "confirm", confirming)
    asked, confirming, shown = subscribe(f"lea.{code}", newsletter)
    actions.confirm(tokens.read_confirming(confirming), shown=shown)
    actions.request(newsletter, address=f"lea.{code}@e.test", language=code, shown=shown)
    lea = Subscriber.objects.get(address=f"lea.{code}@e.test")
    Subscriber.objects.filter(pk=lea.pk).update(tracking_since=now)  # so that every part of the form is there
    choosing, rights = tokens.for_choosing(lea.key), tokens.for_rights(lea.key)
    add("subscribe", "subscribe")
    add("sent", "subscribe_sent")
    add("welcome", "confirm", confirming)
    add("leave", "unsubscribe", tokens.for_leaving(asked.key))
    add("left", "unsubscribe", tokens.for_leaving(uuid.uuid4()))
    add("broken link", "confirm", "x")
    add("expired link", "preferences", tokens.for_choosing(uuid.uuid4()))
    add("choices", "preferences", choosing)
    add("choices, saved", "preferences", choosing, path="?done=saved")
    add("choices, left", "preferences", choosing, path="?done=left")
    add("ask for data", "ask_for_data", choosing)
    add("object", "object", choosing)
    add("data", "own_data", rights)
    add("address", "correct_address", rights)
    add("erase", "erase_me", rights)
    add("new address", "confirm_address", tokens.for_correcting(lea.key, f"lea.martin.{code}@e.test"))
    add("stays", "stay", tokens.for_staying(lea.key))
    add("stay, gone", "stay", tokens.for_staying(uuid.uuid4()))

    self_service.send_link(lea)
    self_service.ask_new_address(lea, f"lea.martin.{code}@e.test")
    self_service._mail("moved", lea.address, lea, is_limited=False)
    for what in ("access", "erased", "rectified", "objected", "refused", "extended"):
        rights_mail.write(lea.address, what, "", due_on=now, lines=[])
    asked, confirming, shown = subscribe(f"remi.{code}", newsletter)
    actions.confirm(tokens.read_confirming(confirming), shown=shown)
    remi = Subscriber.objects.get(address=f"remi.{code}@e.test")
    Subscriber.objects.filter(pk=remi.pk).update(last_contact_at=now - dt.timedelta(days=4 * 366))
    retention.ask_silent_readers()
    add("stay", "stay", tokens.for_staying(remi.key))

    notice = LegalText.objects.get(kind="notice", newsletter=newsletter, language=code)
    notice.retention = "…"
    notice.save()
    version = publishing.publish(notice, by=None, is_material=True, change="…")
    asking.go_on()
    add("agree again", "agree_again", asking._agreeing.sign(f"{lea.key.hex}-{version.pk}"))
    add("agree again, too late", "agree_again", asking._agreeing.sign(f"{uuid.uuid4().hex}-{version.pk}"))
    add("nothing left to agree to", "agree_again", asking._agreeing.sign(f"{_jeanne(code).hex}-{version.pk}"))

    mail = rendering.render(Edition(newsletter=newsletter, subject="…", introduction=""), articles=[])
    SENT.append({"subject": mail.subject, "text": mail.text, "html": mail.html})
    for mail in SENT:
        mail.setdefault("language", code)


def _jeanne(code):
    return Subscriber.objects.get(address=f"jeanne.{code}@e.test").key


for each in Newsletter.objects.order_by("pk"):
    write_all(each)
NAMES = ("subject", "text", "html", "language")
kept = [{name: str(mail.get(name) or "") for name in NAMES} for mail in SENT]
sys.stdout.write(json.dumps({"pages": pages, "mails": kept}))
