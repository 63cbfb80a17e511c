"""What is unsafe in a mix of settings, and how to mend it. Read by `doctor` and at every start."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from email_validator import EmailNotValidError, validate_email

from depeche.delivery import provider
from depeche.delivery.examining.dns_answers import name_server
from depeche.delivery.messages import bare_address
from depeche.delivery.smtp.server import SmtpServer, UnusableEmailUrl
from depeche.subscribers import imprint
from depeche.subscribers.models import LegalText

from . import proxies, signing_faults
from .refusal import CannotStart

TRANSLATED = ("fr", "en")
SECOND_FACTORS = ("required", "offered")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, in which setting, and the way out. An unsafe one stops the start."""

    setting: str
    message: str
    is_unsafe: bool = True


def problems() -> list[Problem]:
    """Everything found, the unsafe first."""
    found = [
        *_stage(),
        *_address(),
        *_languages(),
        *_mail(),
        *_dkim(),
        *_sender_domains(),
        *_proxies(),
        *_secret(),
        *_signing_in(),
    ]
    return sorted(found, key=lambda problem: not problem.is_unsafe)


def texts_to_complete() -> list[Problem]:
    """The legal texts readers of a public host see with our « To be completed » still in them. Asks the database."""
    if not settings.IS_PUBLIC:
        return []
    return [
        Problem(
            "DEPECHE_BASE_URL",
            _("“%(text)s” still says “To be completed”. Complete it and publish it: Readers › Legal texts.")
            % {"text": text},
            is_unsafe=False,
        )
        for text in LegalText.objects.select_related("newsletter").order_by("kind", "language", "pk")
        if (version := text.versions.first()) and imprint.unfinished(version)
    ]


def unsigned() -> list[Problem]:
    """The senders in production whose mail nobody here signs. Asks the database."""
    words = _(
        "Mail from %(domain)s leaves unsigned, and many mailboxes refuse unsigned newsletters. Unless your mail server signs it, run: %(command)s"
    )
    return [
        Problem(
            "DEPECHE_DKIM",
            words % {"domain": domain, "command": f"bin/depeche dkim create --domain {domain}"},
            is_unsafe=False,
        )
        for domain in signing_faults.unsigned_domains()
    ]


def refuse_unsafe() -> None:
    """Raises CannotStart, naming each setting that is unsafe."""
    unsafe = [problem for problem in problems() if problem.is_unsafe]
    if unsafe:
        lines = "\n".join(f"{problem.setting}: {problem.message}" for problem in unsafe)
        raise CannotStart(lines, lines)


def _stage() -> Iterator[Problem]:
    if settings.STAGE not in settings.STAGES:
        yield Problem(
            "DEPECHE_STAGE",
            _("“%(stage)s” is no stage. Choose one of: %(stages)s.")
            % {"stage": settings.STAGE, "stages": ", ".join(settings.STAGES)},
        )
    elif settings.STAGE == "production" and not settings.IS_PUBLIC:
        yield Problem(
            "DEPECHE_BASE_URL",
            _("In production readers need a public address. Set it, for example https://www.example.org."),
        )
    elif settings.IS_PUBLIC and settings.STAGE == "development":
        yield Problem(
            "DEPECHE_STAGE",
            _("A public address is no place for development. Set staging or production."),
        )


def _address() -> Iterator[Problem]:
    if not settings.BASE_URL.startswith(("http://", "https://")) or not settings.BASE_HOST:
        yield Problem("DEPECHE_BASE_URL", _("It must look like https://www.example.org."))
    elif settings.IS_PUBLIC and not settings.BASE_URL.startswith("https://"):
        yield Problem(
            "DEPECHE_BASE_URL",
            _(
                "On a public address passwords would travel in clear. Use https:// and put a proxy with a certificate in front."
            ),
        )
    if settings.IS_PUBLIC and "*" in settings.ALLOWED_HOSTS:
        yield Problem(
            "DEPECHE_ALLOWED_HOSTS",
            _("“*” lets anybody forge the links in our mails. Name the hosts, for example %(host)s.")
            % {"host": settings.BASE_HOST},
        )
    elif settings.BASE_HOST not in settings.ALLOWED_HOSTS and "*" not in settings.ALLOWED_HOSTS:
        yield Problem(
            "DEPECHE_ALLOWED_HOSTS",
            _("It leaves out the host of DEPECHE_BASE_URL: every page would be refused. Add %(host)s.")
            % {"host": settings.BASE_HOST},
        )


def _languages() -> Iterator[Problem]:
    for code, _name in settings.LANGUAGES:
        if code not in TRANSLATED:
            yield Problem(
                "DEPECHE_LANGUAGES",
                _("Articles can be written in “%(code)s”, but the pages around them will be in English.")
                % {"code": code},
                is_unsafe=False,
            )


def _mail_server(name: str, url: str) -> Iterator[Problem]:
    try:
        server = SmtpServer.from_url(url)
    except UnusableEmailUrl:
        yield Problem(name, _("It must look like smtp+starttls://user:password@mail.example.org:587."))
        return
    if server.user and not server.security and server.host not in settings.LOOPBACK_HOSTS:
        yield Problem(name, _("The password would travel in clear. Use smtp+starttls:// or smtps://."))


def _provider(name: str, url: str) -> Iterator[Problem]:
    try:
        found = provider.Provider.from_url(url)
    except provider.NotInstalled:
        yield Problem(
            name, _("It names a provider, and what speaks with providers is not installed: django-anymail.")
        )
        return
    except UnusableEmailUrl:
        yield Problem(
            name,
            _(
                "It must look like anymail+mailgun://?api_key=…, with the settings this provider needs: docs/how-to/use-a-mail-provider.md."
            ),
        )
        return
    if not found.switches_tracking:
        yield Problem(
            name,
            _(
                "%(provider)s cannot be told for each mail not to track openings and clicks. Switch that off in its own pages."
            )
            % {"provider": found.name},
            is_unsafe=False,
        )


def _mail() -> Iterator[Problem]:
    if settings.IS_PUBLIC and not settings.EMAIL_URL:
        yield Problem(
            "EMAIL_URL",
            _(
                "On a public address there is no mail catcher. Name a mail server: smtp+starttls://user:password@mail.example.org:587."
            ),
        )
    for name, url in (("EMAIL_URL", settings.EMAIL_URL), ("EMAIL_FALLBACK_URL", settings.EMAIL_FALLBACK_URL)):
        if url:
            yield from _provider(name, url) if url.startswith(provider.PREFIX) else _mail_server(name, url)
    if settings.EMAIL_FALLBACK_URL and not settings.EMAIL_URL:
        yield Problem("EMAIL_FALLBACK_URL", _("It comes into its own beside EMAIL_URL only: set that first."))
    if settings.EMAIL_URL and settings.STAGE != "production" and not settings.MAIL_DOMAINS:
        yield Problem(
            "DEPECHE_MAIL_DOMAINS",
            _("On this stage no mail will leave: name the domains it may go to."),
            is_unsafe=False,
        )
    try:
        validate_email(
            bare_address(settings.DEFAULT_FROM_EMAIL), check_deliverability=False, test_environment=True
        )
    except EmailNotValidError:
        yield Problem("DEPECHE_MAIL_FROM", _("It must be an address, like redaction@example.org."))
    if settings.IS_PUBLIC and settings.DEFAULT_FROM_EMAIL.endswith(".test"):
        yield Problem("DEPECHE_MAIL_FROM", _("No mail server accepts this sender. Set an address of yours."))


def _dkim() -> Iterator[Problem]:
    for words in signing_faults.faults():
        yield Problem("DEPECHE_DKIM", words)


def _sender_domains() -> Iterator[Problem]:
    readers: tuple[tuple[str, list[str], Callable[[str], object]], ...] = (
        ("DEPECHE_SENDING_IPS", settings.SENDING_IPS, ipaddress.ip_address),
        ("DEPECHE_DNS_SERVERS", settings.DNS_SERVERS, name_server),
    )
    for name, entries, read in readers:
        for entry in entries:
            try:
                read(entry)
            except ValueError:
                words = _("“%(entry)s” is no address, and is passed over. Write for example %(example)s.")
                yield Problem(name, words % {"entry": entry, "example": "192.0.2.10"}, is_unsafe=False)


def _proxies() -> Iterator[Problem]:
    for entry in settings.TRUSTED_PROXIES:
        try:
            network = ipaddress.ip_network(entry)
        except ValueError:
            yield Problem(
                "DEPECHE_TRUSTED_PROXIES",
                _("“%(entry)s” is no address. Name addresses or networks, for example 127.0.0.1.")
                % {"entry": entry},
            )
        else:
            if network.prefixlen == 0:
                yield Problem(
                    "DEPECHE_TRUSTED_PROXIES",
                    _("Trusting everybody lets readers forge their address. Name your proxies only."),
                )
    if peer := proxies.unnamed():
        yield Problem(
            "DEPECHE_TRUSTED_PROXIES",
            _(
                "Requests that readers sent to a proxy arrive here from %(peer)s, which it does not name: limits count all of them as one reader. If it is your proxy, add %(peer)s."
            )
            % {"peer": peer},
            is_unsafe=False,
        )
    elif settings.IS_PUBLIC and settings.BASE_URL.startswith("https://") and not settings.TRUSTED_PROXIES:
        yield Problem(
            "DEPECHE_TRUSTED_PROXIES",
            _(
                "With https:// a proxy stands in front of us, and none is named: limits count all readers as one. Name its address, for example 127.0.0.1."
            ),
            is_unsafe=False,
        )


def _secret() -> Iterator[Problem]:
    if len(settings.SECRET_KEY) < 50:
        yield Problem(
            "DEPECHE_SECRET_KEY",
            _(
                "It is too short to sign anything with: 50 random characters or more. Left empty, one is made and kept."
            ),
        )
    path = settings.DATA / "secret-key"
    if path.exists() and path.stat().st_mode & 0o077:
        yield Problem(
            "DEPECHE_DATA",
            _("Others can read the secret key. Run: chmod 600 %(path)s") % {"path": path},
        )


def _signing_in() -> Iterator[Problem]:
    if settings.SECOND_FACTOR not in SECOND_FACTORS:
        yield Problem(
            "DEPECHE_MFA",
            _("“%(value)s” is no choice. Choose one of: %(choices)s.")
            % {"value": settings.SECOND_FACTOR, "choices": ", ".join(SECOND_FACTORS)},
        )
    elif settings.IS_PUBLIC and settings.SECOND_FACTOR != "required":
        yield Problem(
            "DEPECHE_MFA",
            _(
                "On a public address one stolen password would be enough to publish in your name. Set required, or leave it out."
            ),
        )
