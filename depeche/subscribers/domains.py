"""Domains that asked for a newsletter and look odd: noted for the desk, never a reason to refuse."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections import Counter
from typing import Any

from disposable_email_domains import blocklist
from django.utils import timezone
from dns.resolver import NXDOMAIN, NoAnswer
from email_validator import EmailNotValidError, EmailUndeliverableError, caching_resolver, validate_email

from .models import Subscriber, SubscriptionState

logger = logging.getLogger(__name__)

EACH = dt.timedelta(minutes=10)
LOOKING_S = 5.0  # in all: confirmations wait behind this job
_RESOLVER_S = 2


def is_disposable(address: str) -> bool:
    """Whether the address is of a service that gives out addresses for an hour.

    Source: the list of the package disposable-email-domains; subdomains count.
    """
    labels = address.rpartition("@")[2].lower().split(".")
    return any(".".join(labels[start:]) in blocklist for start in range(len(labels) - 1))


def takes_no_mail(domain: str, *, resolver: Any) -> bool:
    """Whether a domain says that no mail can be sent to it (RFC 5321 §5.1, RFC 7505); what is not known is no."""
    try:
        validate_email(f"a@{domain}", check_deliverability=True, dns_resolver=resolver)
    except EmailUndeliverableError as error:
        # Any other failure of the resolver comes as this too, and says nothing about the domain.
        return error.__cause__ is None or isinstance(error.__cause__, NXDOMAIN | NoAnswer)
    except EmailNotValidError:
        return False
    return False


def look_at_new(*, resolver: Any = None, at: dt.datetime | None = None) -> Counter[str]:
    """Log how many of the last ten minutes' new addresses are of odd domains; the counts by kind.

    The log names no domain: many a domain is somebody's name.
    """
    at = at or timezone.now()
    addresses = Subscriber.objects.filter(
        created_at__gt=at - EACH, created_at__lte=at, subscriptions__state=SubscriptionState.PENDING
    ).values_list("address", flat=True)
    domains = Counter(address.rpartition("@")[2].lower() for address in addresses.distinct())
    resolver = resolver or caching_resolver(timeout=_RESOLVER_S)
    odd: Counter[str] = Counter()
    until = time.monotonic() + LOOKING_S
    for domain, number in domains.most_common():
        if is_disposable(f"@{domain}"):
            odd["disposable"] += number
        elif time.monotonic() < until and takes_no_mail(domain, resolver=resolver):
            odd["takes no mail"] += number
    for kind, number in odd.items():
        logger.warning("New requests for newsletters, by odd domains: %s (%s)", number, kind)
    return odd
