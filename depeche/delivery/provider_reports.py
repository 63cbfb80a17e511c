"""What a provider reports of mails it took, once it proved to be the provider: dead mailboxes, complaints, wishes to leave.

Imports django-anymail, which is an extra: only `mail_report_views` loads this, when a provider is named.
"""

from __future__ import annotations

import datetime as dt
import re
import warnings
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from anymail.exceptions import AnymailError, AnymailInsecureWebhookWarning
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.http import HttpRequest
from django.utils import timezone

from .mail_reports import Kind, Report
from .provider import Provider
from .returned import Kind as Refusal
from .returned import kind_of
from .returned.judging import reply_of
from .smtp.outcomes import Fault, Stage, fault_of
from .smtp.replies import Reply

# Where the provider says whether a bounce is for ever, and what it then says.
_FOR_EVER: Mapping[str, tuple[str, frozenset[object]]] = {
    "brevo": ("event", frozenset({"hard_bounce", "invalid_email"})),
    "mailersend": ("data.type", frozenset({"hard_bounced"})),
    "mailgun": ("event-data.severity", frozenset({"permanent"})),
    "mailjet": ("hard_bounce", frozenset({True})),
    "mailtrap": ("event", frozenset({"bounce"})),
    "mandrill": ("event", frozenset({"hard_bounce"})),
    "postmark": ("Type", frozenset({"HardBounce", "BadEmailAddress"})),
    "resend": ("data.bounce.type", frozenset({"Permanent"})),
    "sparkpost": ("bounce_class", frozenset({"10", "30"})),
    "unisender_go": (
        "delivery_info.delivery_status",
        frozenset({"err_user_unknown", "err_user_inactive"}),
    ),
}
_REPLY = re.compile(r"\b([45]\d\d)[ -]+(?:#?([45]\.\d{1,3}\.\d{1,3})\b)?|\b([45]\.\d{1,3}\.\d{1,3})\b")
_FULL = "5.2.2"
# What Anymail's reading may end in, whatever was sent.
_GARBAGE = (
    *(AnymailError, ImproperlyConfigured, SuspiciousOperation, RecursionError),
    *(ValueError, TypeError, LookupError, AttributeError),
)


class NoReports(Exception):
    """From this provider none are taken: it reports none, or nothing is set by which it could prove who it is."""


class Forged(Exception):
    """Not from the provider."""


class Unreadable(Exception):
    """From the provider, and no report."""


def read(provider: Provider, request: HttpRequest) -> list[Report]:
    """What is to be acted on among the reports of this request.

    Raises:
        NoReports, Forged, Unreadable.
    """
    view = _view(provider)
    view.setup(request)
    try:
        view.run_validators(request)
    except _GARBAGE as error:
        raise Forged from error
    try:
        events = view.parse_events(request)
        found = [report for event in events if (report := _report(provider.key, event))]
    except _GARBAGE as error:
        raise Unreadable from error
    return found


def _view(provider: Provider) -> Any:
    """Anymail's own view, which checks who asks and reads what they say. Raises NoReports."""
    try:
        module = import_module(f"anymail.webhooks.{provider.key}")
    except ImportError as error:
        raise NoReports from error
    name = provider.name.replace(" ", "")
    kind = getattr(module, f"{name}TrackingWebhookView", None) or module.MandrillCombinedWebhookView
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AnymailInsecureWebhookWarning)
        try:
            view = kind(**provider.options)
        except (ImproperlyConfigured, AnymailError, ValueError) as error:
            raise NoReports from error
    if not view.basic_auth and (view.warn_if_no_basic_auth or not _has_key(provider)):
        raise NoReports
    return view


def _has_key(provider: Provider) -> bool:
    """Whether a key was set by which reports are signed; an API key stands in for one with some."""
    return any(
        name.endswith(("signing_key", "webhook_key", "signing_secret", "tracking_secret"))
        for name in provider.options
    ) or provider.key in ("mailgun", "unisender_go")


def _report(key: str, event: AnymailTrackingEvent) -> Report | None:
    """What is to be done about an event; None about most: a delivery, an opening and a click are not even kept."""
    kind = _kind(key, event)
    if kind is None or not isinstance(event.recipient, str) or "@" not in event.recipient:
        return None
    told = event.timestamp.isoformat() if event.timestamp else ""
    own = "\0".join(str(part or "") for part in (event.event_type, event.event_id, event.message_id, told))
    at = min(_aware(event.timestamp), timezone.now()) if event.timestamp else timezone.now()
    reply = _reply(event)
    status = reply.enhanced if reply else ""
    return Report(kind=kind, address=event.recipient, at=at, own=f"{key}\0{own}", status=status)


def _kind(key: str, event: AnymailTrackingEvent) -> Kind | None:
    if event.event_type == EventType.COMPLAINED:
        return Kind.COMPLAINT
    if event.event_type == EventType.UNSUBSCRIBED:
        return Kind.LEAVES
    if event.event_type == EventType.REJECTED:  # by the provider, for what it remembers
        remembered = {RejectReason.SPAM: Kind.COMPLAINT, RejectReason.UNSUBSCRIBED: Kind.LEAVES}
        if event.reject_reason in remembered:
            return remembered[event.reject_reason]
    refused = event.event_type in (EventType.BOUNCED, EventType.REJECTED)
    if refused and event.reject_reason in (
        RejectReason.BOUNCED,
        RejectReason.INVALID,
        None,
        RejectReason.OTHER,
    ):
        return Kind.DEAD if _is_for_ever(key, event) else _by_words(event)
    return None


def _by_words(event: AnymailTrackingEvent) -> Kind | None:
    """What the other server's own words say, where the provider gave up on a mail and knows the mailbox to be there."""
    reply = _reply(event)
    if reply is None or event.event_type != EventType.BOUNCED:
        return None
    return Kind.OURS if kind_of(reply) is Refusal.OURS else Kind.SOFT


def _reply(event: AnymailTrackingEvent) -> Reply | None:
    for words in (str(event.mta_response or ""), str(event.description or "")):
        if _REPLY.search(words):
            return reply_of(words)
    return None


def _is_for_ever(key: str, event: AnymailTrackingEvent) -> bool:
    """Whether nobody has this mailbox: what the provider says counts, unless the other server's own words say else."""
    answer = _REPLY.search(str(event.mta_response or "")) or _REPLY.search(str(event.description or ""))
    if answer is not None:
        code, enhanced, bare = answer.groups()
        enhanced = enhanced or bare or ""
        reply = Reply(int(code or f"{enhanced[0]}50"), (enhanced.encode(),))
        if reply.kind != 5 or enhanced == _FULL or fault_of(Stage.RCPT, reply) is not Fault.RECIPIENT:
            return False
    if answer is None and (key not in _FOR_EVER or event.reject_reason == RejectReason.OTHER):
        return False
    if key not in _FOR_EVER:
        return True
    path, wanted = _FOR_EVER[key]
    value = event.esp_event
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    if key == "sparkpost":
        value = _sparkpost_class(event.esp_event)
    return isinstance(value, (str, bool)) and value in wanted


def _sparkpost_class(raw: Any) -> str | None:
    """It wraps each event twice."""
    for one in raw.get("msys", {}).values() if isinstance(raw, Mapping) else ():
        return str(one.get("bounce_class")) if isinstance(one, Mapping) else None
    return None


def _aware(at: dt.datetime) -> dt.datetime:
    return at if timezone.is_aware(at) else at.replace(tzinfo=dt.UTC)
