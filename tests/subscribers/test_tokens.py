"""What stands in our links is what Django signs: links out in the world for years stay good."""

import uuid

import pytest
from django.core import signing
from django.utils.crypto import salted_hmac

from depeche.macs import salted
from depeche.subscribers import tokens
from depeche.subscribers.actions import leave_url, preferences_url
from depeche.subscribers.models import Subscriber, Subscription

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("make", "salt"), [(tokens.for_leaving, "subscribers.leave"), (tokens.for_choosing, "subscribers.choose")]
)
def test_a_token_is_what_django_signs(make, salt):
    key = uuid.uuid4()
    assert make(key) == signing.Signer(salt=salt, sep=".").sign(key.hex)


def test_a_token_signed_with_the_key_before_is_still_ours(settings):
    settings.SECRET_KEY_FALLBACKS = ["celle d’avant"]
    old = signing.Signer(key="celle d’avant", salt="s", sep=".").sign("x")
    assert tokens._Signer(salt="s", sep=".").unsign(old) == "x"


@pytest.mark.parametrize(
    "change", [lambda token: token[:-1], lambda token: token[1:], lambda token: token + "A"]
)
def test_a_token_that_was_changed_is_not_ours(change):
    with pytest.raises(tokens.InvalidToken):
        tokens.read_leaving(change(tokens.for_leaving(uuid.uuid4())))


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_mac_is_djangos_and_follows_the_secret(settings, algorithm):
    for secret in ("un secret", "un autre"):
        settings.SECRET_KEY = secret
        digest = salted("sel", settings.SECRET_KEY, algorithm).digest("mot é".encode())
        assert digest == salted_hmac("sel", "mot é", algorithm=algorithm).digest()


def test_a_readers_links_are_in_their_language():
    urls = {}
    for language in ("fr", "en", "fr"):
        subscriber = Subscriber(address="lea@exemple.test", language=language)
        subscription = Subscription(subscriber=subscriber)
        urls[language] = leave_url(subscription.key, language), preferences_url(subscriber.key, language)
        prefix = "" if language == "fr" else "/en"
        assert urls[language][0].endswith(f"{prefix}/unsubscribe/{tokens.for_leaving(subscription.key)}/")
        assert urls[language][1].endswith(f"{prefix}/preferences/{tokens.for_choosing(subscriber.key)}/")
    assert "/en/" not in urls["fr"][0]
