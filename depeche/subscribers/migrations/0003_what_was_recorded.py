"""What was recorded so far enters the consent log as `import`, with nothing that was not really recorded."""

import uuid

from django.db import migrations
from django.utils import timezone

from depeche import journal, keys
from depeche.subscribers import legal, recording


def name_readers(apps, editor):
    Subscriber = apps.get_model("subscribers", "Subscriber")
    batch = []
    for subscriber in Subscriber.objects.iterator(chunk_size=500):
        subscriber.key, subscriber.address_hash = uuid.uuid4(), keys.address_hash(subscriber.address)
        dates = subscriber.subscriptions.values_list("confirmed_at", "withdrawn_at", "requested_at")
        subscriber.last_contact_at = max((at for some in dates for at in some if at), default=None)
        batch.append(subscriber)
        if len(batch) == 500:
            Subscriber.objects.bulk_update(batch, ["key", "address_hash", "last_contact_at"])
            batch = []
    Subscriber.objects.bulk_update(batch, ["key", "address_hash", "last_contact_at"])


def keep_texts(apps, editor):
    LegalText = apps.get_model("subscribers", "LegalText")
    LegalVersion = apps.get_model("subscribers", "LegalVersion")
    for text in LegalText.objects.all():
        content = legal.canonical_content({"title": text.title, "body": text.body})
        LegalVersion.objects.create(
            text=text, number=1, content=content, sha256=legal.hash_of(content), published_at=text.changed_at
        )


def enter(apps, editor):
    """One entry for each thing recorded; for each subscription without any, one that says its state."""
    at = timezone.now()
    chain = _Chain(apps)
    Subscription = apps.get_model("subscribers", "Subscription")
    for subscription in Subscription.objects.select_related("subscriber", "newsletter").iterator(500):
        purpose = f"newsletter:{subscription.newsletter.key.hex}"
        events = list(subscription.consent_events.order_by("at", "pk"))
        for event in events:
            recorded = {
                "action": event.action,
                "at": recording.in_utc(event.at),
                "privacy_sha256": event.privacy_sha256,
                "terms_sha256": event.terms_sha256,
            }
            facts = {"language": event.language, "url": event.url, "recorded": recorded}
            chain.add(subscription.subscriber.address, purpose, facts, at, event)
        if not events:
            dates = {
                name: recording.in_utc(getattr(subscription, name))
                for name in ("requested_at", "confirmed_at", "withdrawn_at")
                if getattr(subscription, name)
            }
            facts = {"recorded": {"state": subscription.state, **dates}}
            chain.add(subscription.subscriber.address, purpose, facts, at, None)
    if chain.number:
        journal.note(journal.HEAD, number=chain.number, digest=chain.digest)


class _Chain:
    """The recorder, on the tables as this migration knows them."""

    def __init__(self, apps):
        self.models = {name: apps.get_model("subscribers", name) for name in
                       ("ConsentEntry", "ConsentDetail", "ConsentPerson", "ShownText")}
        self.number, self.digest = 0, recording.START

    def add(self, address, purpose, facts, at, event):
        key = keys.current()
        person, _ = self.models["ConsentPerson"].objects.get_or_create(address_hash=key.address_hash(address))
        facts = {**facts, "basis": "consent", "actor": "system"}
        if event is not None:
            facts["wording"] = recording.sha256(event.wording)
            self.models["ShownText"].objects.get_or_create(
                sha256=facts["wording"],
                defaults={"text": event.wording, "language": event.language, "first_shown_at": event.at},
            )
        entry = self.models["ConsentEntry"](
            number=self.number + 1, person=person.name, action="import", purpose=purpose, at=at,
            facts=recording.canonical(facts), key=key.number, previous=self.digest,
        )
        details = [
            self.models["ConsentDetail"](entry=entry, kind=kind, value=value, salt=uuid.uuid4().hex)
            for kind, value in (("person", person.address_hash), ("address", address))
        ]
        entry.commitments = recording.canonical({
            detail.kind: {
                "mac": recording.commitment(key, entry.number, detail.kind, detail.salt, detail.value),
                "purge": None,
            }
            for detail in details
        })
        entry.digest = recording.digest_of(entry, key)
        entry.save(force_insert=True)
        self.models["ConsentDetail"].objects.bulk_create(details)
        self.number, self.digest = entry.number, entry.digest


class Migration(migrations.Migration):
    dependencies = [("subscribers", "0002_consent")]

    operations = [
        migrations.RunPython(name_readers, migrations.RunPython.noop),
        migrations.RunPython(keep_texts, migrations.RunPython.noop),
        migrations.RunPython(enter, migrations.RunPython.noop),
    ]
