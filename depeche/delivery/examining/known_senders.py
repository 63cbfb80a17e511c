"""What the SPF record of a sender has to include, for mail services whose own pages say so."""

from __future__ import annotations

from .spf import UNKNOWN_PROVIDER

_BY_PROVIDER = {
    "brevo": "spf.brevo.com",
    "mailersend": "_spf.mailersend.net",
    "mailgun": "mailgun.org",
    "mailjet": "spf.mailjet.com",
    "mandrill": "spf.mandrillapp.com",
    "postmark": "spf.mtasv.net",
    "resend": "amazonses.com",
    "scaleway": "_spf.tem.scaleway.com",
    "sparkpost": "sparkpostmail.com",
}
_BY_HOST = {
    "amazonaws.com": "amazonses.com",
    "brevo.com": "spf.brevo.com",
    "gandi.net": "_mailcust.gandi.net",
    "gmail.com": "_spf.google.com",
    "infomaniak.com": "spf.infomaniak.ch",
    "mailersend.net": "_spf.mailersend.net",
    "mailgun.org": "mailgun.org",
    "mailjet.com": "spf.mailjet.com",
    "mandrillapp.com": "spf.mandrillapp.com",
    "messagingengine.com": "spf.messagingengine.com",
    "fastmail.com": "spf.messagingengine.com",
    "office365.com": "spf.protection.outlook.com",
    "ovh.net": "mx.ovh.com",
    "postmarkapp.com": "spf.mtasv.net",
    "scaleway.com": "_spf.tem.scaleway.com",
    "sendgrid.net": "sendgrid.net",
    "sparkpostmail.com": "sparkpostmail.com",
}


def of_provider(key: str) -> str:
    """The term for one of `provider.PROVIDERS`; `UNKNOWN_PROVIDER` where its pages have to be asked."""
    return f"include:{_BY_PROVIDER[key]}" if key in _BY_PROVIDER else UNKNOWN_PROVIDER


def of_host(host: str) -> str:
    """The term for a mail server we log in to."""
    labels = host.lower().split(".")
    names = (".".join(labels[at:]) for at in range(len(labels)))
    known = next((_BY_HOST[name] for name in names if name in _BY_HOST), "")
    return f"include:{known}" if known else UNKNOWN_PROVIDER
