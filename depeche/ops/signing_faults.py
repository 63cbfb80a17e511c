"""What is wrong with the keys that sign mail, and whose mail nobody signs."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext as _

from depeche.delivery import dkim_keys, provider, signing
from depeche.delivery.messages import domain_of
from depeche.subscribers.models import Newsletter


def faults() -> Iterator[str]:
    """In words, each with the way out; mail would leave unsigned, or others could sign in our name."""
    folder = settings.DKIM_FOLDER
    if dkim_keys.readable_by_others():
        yield _("Others can read the keys that sign mail. Run: chmod -R go= %(path)s") % {"path": folder}
    try:
        dkim_keys.read(folder)
        dkim_keys.selectors()
    except dkim_keys.UnusableKey as error:
        yield _("%(path)s holds no RSA key of 2048 bits without a password. Take it out of the folder.") % {
            "path": error
        }
    except OSError as error:
        yield _("The keys in %(folder)s cannot be read or written: %(error)s.") % {
            "folder": folder,
            "error": error.strerror,
        }


def unsigned_domains() -> list[str]:
    """Domains of senders whose mail leaves unsigned in production. Asks the database.

    A provider signs by itself what goes by its web service.
    """
    if settings.STAGE != "production" or settings.EMAIL_URL.startswith(provider.PREFIX):
        return []
    senders = [settings.DEFAULT_FROM_EMAIL, *Newsletter.objects.values_list("sender_address", flat=True)]
    domains = sorted({domain_of(sender) for sender in senders})
    return [domain for domain in domains if signing.key_of(f"x@{domain}") is None]
