"""What tests share: a newsroom, real mail on loopback, and no way out to the network."""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Callable, Iterator
from email.message import EmailMessage

import pytest
from django.conf import settings as django_settings
from django.utils import translation


@pytest.fixture(scope="session", autouse=True)
def _a_job_queue(worker_id: str) -> None:
    """What `prepare` makes: on PostgreSQL the queue has tables of its own. Each test process has its own jobs.

    Taking one from an empty queue does not wait: on PostgreSQL that would leave a connection behind to which the server
    writes and nobody listens, and then it can't drop a database any more.
    """
    from huey.contrib.djhuey import HUEY
    from psycopg import DatabaseError

    try:
        HUEY.storage.initialize_schema()
    except DatabaseError:  # the other test process was making the same table
        HUEY.storage.initialize_schema()
    HUEY.storage.name += f"-{worker_id}"
    HUEY.storage.blocking = False


@pytest.fixture(scope="session", autouse=True)
def _append_only_tables_are_emptied_between_tests() -> Iterator[None]:
    """Tests with real commits end in a flush, which the database would refuse there."""
    from django.db.backends.base.operations import BaseDatabaseOperations

    from depeche import append_only

    tables = ("subscribers_consententry", "subscribers_legalversion", "subscribers_showntext")
    flush = BaseDatabaseOperations.execute_sql_flush

    def execute_sql_flush(self, sql_list):  # type: ignore[no-untyped-def]
        vendor = self.connection.vendor
        before = [line for table in tables for line in append_only.allow(table, vendor)]
        after = [line for table in tables for line in append_only.forbid(table, vendor)]
        flush(self, [*before, *sql_list, *after])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", execute_sql_flush)
        yield


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What asks for no database is let near none by pytest-django: it is the same on any."""
    for item in items:
        names = getattr(item, "fixturenames", ())
        if not item.get_closest_marker("django_db") and "_django_db_helper" not in names:
            item.add_marker(pytest.mark.any_database)


@pytest.fixture(scope="session")
def _migrated() -> Callable[[], None]:
    """To call once the test database is migrated."""
    from migrated_once import begin_with_the_copy

    return begin_with_the_copy()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, _migrated) -> None:
    """Before the test database is made."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, _migrated) -> Iterator[None]:
    """What migrations made outlives tests with real commits: the flush they end in takes it, and here it comes back."""
    from django.db import connection, transaction
    from django.db.backends.base.operations import BaseDatabaseOperations

    with django_db_blocker.unblock():
        _migrated()
    made = {}
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            if rows := cursor.fetchall():
                made[table] = rows
    flush = BaseDatabaseOperations.execute_sql_flush

    def execute_sql_flush(self, sql_list):  # type: ignore[no-untyped-def]
        with transaction.atomic(), self.connection.cursor() as cursor:
            flush(self, sql_list)
            for table, rows in made.items():
                places = ", ".join(["%s"] * len(rows[0]))
                cursor.executemany(f"INSERT INTO {self.quote_name(table)} VALUES ({places})", rows)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", execute_sql_flush)
        yield


@pytest.fixture(autouse=True)
def _as_in_use(settings, tmp_path) -> None:
    """Mail takes its real road; static files need no gathering; what a test keeps goes with it."""
    settings.EMAIL_BACKEND = "depeche.delivery.backend.TransactionalBackend"
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.STATIC_ROOT, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    settings.CATCHER_MAILDIR = tmp_path / "caught"
    settings.KEYS_FOLDER, settings.JOURNAL_FILE = tmp_path / "keys", tmp_path / "journal.jsonl"
    settings.ACKS_FOLDER, settings.DKIM_FOLDER = tmp_path / "acks", tmp_path / "dkim"
    # Slow on purpose in use, which is a third of a second for each colleague that a test makes.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


@pytest.fixture(autouse=True)
def _no_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only this machine can be reached."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = str(address[0])  # type: ignore[index]
            assert host.startswith("127.") or host in ("::1", "localhost"), f"a test wanted to reach {host}"
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _speak_the_newsroom_language() -> Iterator[None]:
    with translation.override(django_settings.LANGUAGE_CODE):
        yield


@pytest.fixture
def newsroom(db):
    """A newsroom as set up on first start: a home page, a section, a newsletter, legal texts, per language."""
    from set_up_once import set_up_once

    from depeche.ops import newsroom as setting_up

    set_up_once(setting_up.set_up)
    return setting_up


@pytest.fixture
def section(newsroom):
    from depeche.articles.models import Section

    return Section.objects.get(slug="actualites")


@pytest.fixture
def newsletter(newsroom):
    from depeche.subscribers.models import Newsletter

    return Newsletter.objects.get(language="fr")


@pytest.fixture
def editor(db, django_user_model):
    return django_user_model.objects.create_superuser("morel", "morel@depeche.test", "un long mot de passe")


@pytest.fixture
def clerk(newsroom, client, django_user_model):
    """Somebody of the subscriber desk, signed in."""
    from depeche.newsroom.models import Role

    user = django_user_model.objects.create_user("petit", "petit@depeche.test", "un long mot de passe")
    user.groups.add(Role.objects.get(key="subscriber_desk").group)
    client.force_login(user)
    return user


@pytest.fixture
def write(section, editor):
    """Write an article in the first French section; a draft unless `published`."""
    from depeche.articles import actions
    from depeche.articles.models import Article

    def _write(headline: str = "La passerelle rouvrira", *, published: bool = True, **fields):
        fields.setdefault("body", [("paragraph", "<p>La mairie l’annonce.</p>")])
        article = Article(title=headline, live=False, locale=section.locale, **fields)
        section.add_child(instance=article)
        article.save_revision(user=editor)
        return actions.publish(article, by=editor) if published else article

    return _write


@pytest.fixture
def subscribe(newsletter):
    """A confirmed reader of the French newsletter."""
    from django.utils import timezone

    from depeche import keys
    from depeche.subscribers.models import Subscriber, Subscription

    def _subscribe(address: str = "lea@exemple.test", *, to=None, state: str = "confirmed") -> Subscription:
        now = timezone.now()
        subscriber, _ = Subscriber.objects.get_or_create(
            address_key=address.casefold(),
            defaults={
                "address": address,
                "address_hash": keys.address_hash(address),
                "language": "fr",
                "created_at": now,
            },
        )
        return Subscription.objects.create(
            subscriber=subscriber,
            newsletter=to or newsletter,
            state=state,
            requested_at=now - dt.timedelta(hours=1),
            confirmed_at=None if state == "pending" else now,
            withdrawn_at=now if state == "withdrawn" else None,
        )

    return _subscribe


@pytest.fixture
def sign_up(client, newsletter):
    """Post the sign-up form as a reader does, then do what the worker does; the answer to the form."""
    from depeche.subscribers import signing_up

    def _sign_up(address: str = "lea@exemple.test", *, path: str = "/subscribe/", **fields: str):
        form = {"newsletter": "matin", "address": address, "agreed": "on"}
        answer = client.post(path, {**form, **fields})
        signing_up.see_to_all()
        return answer

    return _sign_up


class Mailroom:
    """The catcher and a transport to it: what was delivered can be read."""

    def __init__(self) -> None:
        from depeche.delivery.catcher import Catcher
        from depeche.delivery.smtp.server import SmtpServer
        from depeche.delivery.smtp.session import Session

        self.catcher = Catcher()
        self.catcher.start()
        self.session = lambda: Session(SmtpServer("127.0.0.1", self.catcher.port))

    def deliver(self) -> list[EmailMessage]:
        """Hand over all that is due; everything caught so far, oldest first."""
        from depeche.delivery.engine import Engine

        assert Engine(self.session).drain()
        return self.caught()

    def caught(self) -> list[EmailMessage]:
        from depeche.delivery import catcher

        return [found.message for found in reversed(catcher.messages())]

    def close(self) -> None:
        self.catcher.stop()


@pytest.fixture
def mailroom() -> Iterator[Mailroom]:
    room = Mailroom()
    yield room
    room.close()


@pytest.fixture
def name_server():
    """Open a name server with these zones; it closes with the test."""
    from fake_dns import FakeDns

    opened = []

    def _name_server(records, failing=None):
        opened.append(FakeDns({name: values for name, values in records.items() if values}, failing))
        return opened[-1]

    yield _name_server
    for server in opened:
        server.close()
