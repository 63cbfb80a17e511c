"""Writes one mail of every kind. Run by `manage shell` beside a worker; prints the templates it used, as JSON."""

import datetime as dt
import json
import sys
import time
from types import SimpleNamespace

from django.conf import settings
from django.contrib.auth.models import User
from django.template.base import Template
from django.test import Client
from django.test.signals import template_rendered
from django.test.utils import instrumented_test_render
from django.utils import timezone

from depeche.articles import actions as articles
from depeche.articles import correcting, reporting
from depeche.articles.models import Article, Section
from depeche.newsletters import actions as editions
from depeche.newsletters.correction_lane import CorrectionLane
from depeche.newsletters.models import CorrectionDelivery, EditionDelivery
from depeche.newsroom import actions as colleagues
from depeche.newsroom import notices
from depeche.subscribers import actions, asking, publishing, retention, rights_desk, self_service, tokens
from depeche.subscribers.legal import LegalText
from depeche.subscribers.models import Newsletter, Subscriber, Subscription
from depeche.subscribers.recording import Shown

used = set()


def note_template(sender, template, **rest):
    used.add(template.name)


Template._render = instrumented_test_render
template_rendered.connect(note_template, weak=False)
now = timezone.now()
editor = User.objects.get(is_superuser=True)
editor.email = editor.email or "morel@e.test"
editor.save()
matin = Newsletter.objects.get(language="fr")
shown = Shown("Je veux la recevoir.", "fr", "subscribe", settings.BASE_URL + "/subscribe/")


def ask(address):
    actions.request(matin, address=address, language="fr", shown=shown)
    return Subscription.objects.get(subscriber__address=address)


def subscribe(address):
    asked = ask(address)
    actions.confirm(tokens.Request(asked.key, asked.request_nonce), shown=shown)
    return Subscriber.objects.get(address=address)


def wait_for(found, within_s=30):
    until = time.monotonic() + within_s
    while not found():
        assert time.monotonic() < until
        time.sleep(0.1)


# Signing up, also of somebody who is a reader already.
ask("jeanne@e.test")
lea, remi, ali = (subscribe(f"{name}@e.test") for name in ("lea", "remi", "ali"))
ask("lea@e.test")

# An edition, and a correction of what stood in it.
section = Section.objects.get(slug="actualites")
article = Article(title="La passerelle rouvrira", live=False, locale=section.locale)
article.body = [("paragraph", "<p>La passerelle mesure 80 mètres, selon la mairie.</p>")]
section.add_child(instance=article)
article.save_revision(user=editor)
article = articles.publish(article, by=editor)
edition = editions.compose_edition(
    matin, subject="La passerelle", introduction="Bonjour.", articles=[article], by=editor
)
editions.send_test(edition, to=["morel@e.test"])
editions.send(edition, by=editor)
wait_for(lambda: EditionDelivery.objects.filter(state="sent").count() == 3)
article = Article.objects.get(pk=article.pk)
article.body = [("paragraph", "<p>La passerelle mesure 60 mètres, selon la mairie.</p>")]
article.save_revision(user=editor)
article = articles.publish(article, by=editor)
correcting.file_correction(
    article,
    by=editor,
    kind="correction",
    was="80 mètres",
    now="60 mètres",
    reason="La longueur était fausse.",
    tells_readers=True,
)
wait_for(lambda: CorrectionDelivery.objects.count() == 3)
(told,) = CorrectionLane().load([CorrectionDelivery.objects.first().pk])
assert told.content

# Asking again, after a change and after three years.
notice = LegalText.objects.get(kind="notice", newsletter=matin)
notice.retention = "Quatre ans après le dernier contact."
notice.save()
publishing.publish(notice, by=editor, is_material=True, change="La durée a changé.")
asking.go_on()
Subscriber.objects.filter(pk=remi.pk).update(last_contact_at=now - dt.timedelta(days=4 * 366))
retention.ask_silent_readers()

# What readers do with their data, by themselves and through the desk.
self_service.send_link(lea)
self_service.ask_new_address(lea, "lea.martin@e.test")
self_service.correct_address(ali.key, "ali.benali@e.test", shown=shown)
for right, answer in (("access", rights_desk.give_access), ("erasure", rights_desk.refuse)):
    received = rights_desk.Received(right, "zoe@e.test", "mail", "", now - dt.timedelta(days=28))
    request = rights_desk.enter(received, by=editor)
    notices.tell_rights()
    answer(request, rights_desk.Answer(editor, "Voici."))
told = reporting.Told("Elle en mesure 60.", address="lea@e.test")
report = reporting.report(article, told, language="fr", network="192.0.2.0/24")
notices.tell_reports()
reporting.answer(report, reporting.Answer("C’est corrigé.", is_corrected=True), by=editor)

# Mails to colleagues.
camille = User.objects.create_user("camille", "camille@e.test")
colleagues.invite(camille, by=editor)
host = settings.BASE_URL.partition("://")[2]
Client().post("/admin/password_reset/", {"email": editor.email}, headers={"host": host})
edit_url = f"{settings.BASE_URL}/admin/pages/{article.pk}/edit/"
about = {"page": article, "edit_url": edit_url, "actor": editor, "comment": "À revoir."}
about |= {"task": SimpleNamespace(name="Relecture")}
about |= {"missed": SimpleNamespace(kind="publish", title=article.title, due_at=now, reason="…")}
about |= {"slipped": SimpleNamespace(article=article, stopping=[])}
for mail in ("to_review", "sent_back", "approved", "missed", "slipped"):
    notices.write(editor, mail, about)

sys.stdout.write(json.dumps(sorted(used)))
