"""What the domain doctor found, in sentences: what it means, and what to do beside publishing the line."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from .examining.findings import About, Finding, Kind, Level, as_read

LEVELS = {
    Level.GREEN: gettext_lazy("in order"),
    Level.AMBER: gettext_lazy("to be improved"),
    Level.RED: gettext_lazy("to be mended"),
    Level.UNKNOWN: gettext_lazy("could not be asked"),
    Level.SKIPPED: gettext_lazy("not examined"),
}
ABOUT = {
    About.SPF: gettext_lazy("Who may send (SPF)"),
    About.DKIM: gettext_lazy("The signature (DKIM)"),
    About.DMARC: gettext_lazy("The policy (DMARC)"),
    About.ALIGNMENT: gettext_lazy("The same name everywhere (alignment)"),
    About.BOUNCES: gettext_lazy("Bounces and answers (MX)"),
    About.REVERSE: gettext_lazy("The name of the server (reverse DNS)"),
    About.TLS: gettext_lazy("Encryption (TLS)"),
}

_MX = gettext_noop(
    "Behind the number write the server that takes mail for you, as the pages of your mail host name it."
)
# What each code means, and what to do about it beside the line.
_SAID: dict[str, tuple[str, str]] = {
    "unanswered": (
        gettext_noop("The name server did not answer, or not in time. That says nothing about your domain."),
        gettext_noop("Check again in some minutes. If it stays so, ask whoever runs the name servers of this domain."),
    ),
    "spf.missing": (
        gettext_noop("Nothing says which servers may send for this domain: providers cannot tell your mail from a forgery."),
        "",
    ),
    "spf.several": (
        gettext_noop("There are several SPF records. Receivers then take none of them."),
        gettext_noop("Delete all of them, and publish this one, which holds what they said."),
    ),
    "spf.unreadable": (
        gettext_noop("The record cannot be read at “%(what)s”: receivers take the whole of it for broken."),
        "",
    ),
    "spf.include_missing": (
        gettext_noop("It names “%(what)s”, which has no SPF record: receivers take the whole of it for broken."),
        gettext_noop("If it is a service you use, look up the right name in its pages. If not, take it out."),
    ),
    "spf.include_several": (
        gettext_noop("It names “%(what)s”, which has several SPF records: receivers take the whole of it for broken."),
        gettext_noop("Tell that service, and take it out until it is mended."),
    ),
    "spf.many_mx": (
        gettext_noop("“%(what)s” names more than ten mail servers: receivers take the record for broken."),
        gettext_noop("Name the servers by their addresses (ip4:…)."),
    ),
    "spf.everybody": (gettext_noop("It lets everybody send in your name."), ""),
    "spf.too_many": (
        gettext_noop("It costs %(lookups)d lookups and may cost %(most)d: receivers stop and take it for broken. Each counts: %(costs)s."),
        gettext_noop("Take out the services you no longer use. The line below leaves out “%(left_out)s”: keep that if you send by it, and leave out others."),
    ),
    "spf.voids": (
        gettext_noop("It names more than two things that do not exist (%(names)s): receivers take it for broken."),
        gettext_noop("Take them out. Where they are not in your own record, tell the service that you include."),
    ),
    "spf.some_voids": (
        gettext_noop("It names what does not exist: %(names)s. With more than two, receivers take it for broken."),
        gettext_noop("Take them out. Where they are not in your own record, tell the service that you include."),
    ),
    "spf.not_us": (gettext_noop("It does not let our own server send: %(addresses)s."), ""),
    "spf.way_missing": (
        gettext_noop("It does not name the service by which mail leaves: %(terms)s."),
        gettext_noop("Some services put a domain of their own into the envelope and need no line here: their pages say so."),
    ),
    "spf.open_end": (gettext_noop("It does not say what to think of other servers: anybody may try."), ""),
    "spf.after_all": (gettext_noop("Receivers read no further than “all”: “%(what)s” behind it counts nothing."), ""),
    "spf.ptr": (gettext_noop("“ptr” is slow, and no longer to be used (RFC 7208, section 5.5)."), ""),
    "spf.good": (gettext_noop("One record, readable, %(lookups)d of %(most)d lookups."), ""),
    "dkim.no_selector": (
        gettext_noop("It is not known here by which key your mail is signed, so it could not be looked up. Gmail, Yahoo and Outlook want newsletters signed."),
        gettext_noop("Let your provider sign for this domain, and put the name it gives for the record (something._domainkey) into DEPECHE_DKIM_SELECTORS. Or sign here: bin/depeche dkim create."),
    ),
    "dkim.missing": (
        gettext_noop("There is no key at this name: signatures cannot be verified."),
        gettext_noop("Where no line is shown, the pages of your provider show the record for this selector."),
    ),
    "dkim.several": (gettext_noop("There are several keys at this name: receivers may take the wrong one."), gettext_noop("Delete all of them but the one below.")),
    "dkim.unreadable": (gettext_noop("The record of the key cannot be read."), gettext_noop("Publish it as your provider shows it, without a change.")),
    "dkim.revoked": (gettext_noop("The key was withdrawn (p= is empty): everything signed with it is refused."), gettext_noop("Sign with another selector, or publish its key again.")),
    "dkim.unknown_algorithm": (gettext_noop("No receiver knows the algorithm “%(algorithm)s”."), gettext_noop("Publish an RSA key.")),
    "dkim.not_for_mail": (gettext_noop("The record does not allow this key for mail, or not with SHA-256."), gettext_noop("Publish it without s= and h=.")),
    "dkim.broken_key": (gettext_noop("This is no whole key: often half of a long line is lost when it is pasted."), gettext_noop("Publish it again, and compare the end.")),
    "dkim.other_key": (gettext_noop("This is another key than the one we sign with: every signature fails."), ""),
    "dkim.weak": (gettext_noop("The key has %(bits)d bits only: receivers take signatures with less than 1024 for none."), gettext_noop("Make a key of 2048 bits, with a selector of its own.")),
    "dkim.short": (gettext_noop("The key has %(bits)d bits. That is still taken; 2048 are advised."), gettext_noop("Make a key of 2048 bits, with a selector of its own.")),
    "dkim.testing": (gettext_noop("The key says that it is on trial (t=y): some receivers then count signatures for nothing."), ""),
    "dkim.only_ed25519": (gettext_noop("All keys are Ed25519, which Gmail, Yahoo and Outlook do not verify."), gettext_noop("Sign with an RSA key of 2048 bits too.")),
    "dkim.good": (gettext_noop("A key is there and good (%(algorithm)s, %(bits)d bits)."), ""),
    "dmarc.missing": (
        gettext_noop("There is no policy, neither here nor above. Gmail, Yahoo and Outlook refuse newsletters of such domains."),
        gettext_noop("Reports arrive at the address behind rua=: choose one that somebody reads."),
    ),
    "dmarc.several": (gettext_noop("There are several policies here. Receivers then take none of them."), gettext_noop("Delete all of them but one; for example keep the one below.")),
    "dmarc.unreadable": (gettext_noop("The policy cannot be read, so it counts for none. It has to begin with “v=DMARC1;”."), ""),
    "dmarc.no_policy": (gettext_noop("The policy does not say what to do: “%(tag)s=” has to be none, quarantine or reject."), ""),
    "dmarc.gone_tags": (gettext_noop("It has tags that the standard dropped (pct, rf, ri; RFC 9989). They count nothing any more."), ""),
    "dmarc.testing": (gettext_noop("The policy is on trial (t=y), and is not applied in full."), gettext_noop("Once the reports are clean, publish the line below.")),
    "dmarc.no_reports": (gettext_noop("The policy holds, but nobody is told who sends in your name."), gettext_noop("Choose an address behind rua= that somebody reads.")),
    "dmarc.watching": (
        gettext_noop("The policy is there (%(tag)s=none, from %(from)s). That is enough to be accepted; it keeps nobody from forging your name."),
        gettext_noop("Once the reports show no mail of yours that fails, go on to p=quarantine."),
    ),
    "dmarc.good": (gettext_noop("The policy is there: %(tag)s=%(policy)s, from %(from)s."), ""),
    "alignment.good": (gettext_noop("Signature and envelope speak for the domain that readers see."), ""),
    "alignment.dkim_only": (gettext_noop("The signature speaks for the domain that readers see. The envelope (%(envelope)s) does not, which is enough."), ""),
    "alignment.spf_only": (
        gettext_noop("Only the envelope speaks for the domain that readers see. That is lost when a reader has mail forwarded."),
        gettext_noop("Let your provider sign for %(from)s (d=%(from)s), and name the selector in DEPECHE_DKIM_SELECTORS."),
    ),
    "alignment.untold": (
        gettext_noop("Whether the signature speaks for the domain that readers see is not known here."),
        gettext_noop("Name the selector your provider signs with in DEPECHE_DKIM_SELECTORS."),
    ),
    "alignment.strict": (
        gettext_noop("The policy wants exactly the same name, and mail is signed for “%(dkim)s” and bounces to “%(envelope)s”: all of it fails."),
        gettext_noop("Sign for %(from)s itself, or let names of one family be enough, as below."),
    ),
    "alignment.none": (
        gettext_noop("Neither signature (%(dkim)s) nor envelope (%(envelope)s) speaks for %(from)s, which readers see: all mail fails the policy."),
        gettext_noop("Let your provider sign for %(from)s; or let bounces arrive at an address of this domain, as below."),
    ),
    "bounces.dead": (gettext_noop("No mail can be sent to this domain: bounces and answers are lost, and some receivers refuse mail from it."), _MX),
    "bounces.null_mx": (gettext_noop("This domain says that it takes no mail (RFC 7505): bounces are lost, and many receivers refuse mail from it."), _MX),
    "bounces.dangling": (gettext_noop("Its mail servers do not exist: %(hosts)s. Bounces and answers are lost."), _MX),
    "bounces.some_dangling": (gettext_noop("Of its mail servers some do not exist: %(hosts)s."), gettext_noop("Take those records out, and keep the others.")),
    "bounces.number": (gettext_noop("A mail server has to be named, not numbered: %(hosts)s."), _MX),
    "bounces.alias": (gettext_noop("A mail server must not be an alias (CNAME): %(hosts)s. Some senders give up."), gettext_noop("Name the server itself.")),
    "bounces.no_mx": (gettext_noop("There is no MX record; senders try the web server instead."), _MX),
    "bounces.good": (gettext_noop("Bounces and answers have where to go."), ""),
    "reverse.missing": (
        gettext_noop("The address %(address)s has no name. Gmail and others refuse mail from such servers."),
        gettext_noop("This record is not in your zone: in the pages of who rents out the server it is called “reverse DNS”. Or ask them for it."),
    ),
    "reverse.not_confirmed": (
        gettext_noop("The name of %(address)s does not lead back to it: receivers take it for forged."),
        gettext_noop("Let the name lead to the address as below; or have reverse DNS changed by who rents out the server."),
    ),
    "reverse.not_ours": (gettext_noop("Mail leaves by the servers of a provider: their names are its affair."), ""),
    "reverse.address_unknown": (
        gettext_noop("Mail leaves by a server of your own, whose public address is not known here."),
        gettext_noop("Put it into DEPECHE_SENDING_IPS."),
    ),
    "reverse.good": (gettext_noop("The address %(address)s has a name that leads back to it."), ""),
    "tls.good": (gettext_noop("The mail server speaks TLS, and its certificate verifies."), ""),
    "tls.bad": (gettext_noop("TLS cannot be trusted: mail waits, or would travel in clear."), gettext_noop("Mend the certificate of the server, or use its name as the certificate has it.")),
    "tls.unused": (gettext_noop("The mail server offers TLS and EMAIL_URL does not ask for it: mail travels in clear up to there."), ""),
    "tls.unreached": (gettext_noop("The mail server was not reached. That says nothing about TLS."), gettext_noop("“bin/depeche doctor” tells whether mail leaves.")),
    "tls.here": (gettext_noop("The mail server is on this machine: nothing crosses a network before it."), ""),
    "tls.provider": (gettext_noop("Mail leaves by the web service of a provider, always encrypted."), ""),
    "no_way_out": (gettext_noop("No mail server is set (EMAIL_URL)."), ""),
}  # fmt: skip
CODES = frozenset(_SAID)


class Said(NamedTuple):
    about: str
    level: str
    meaning: str
    todo: str  # empty where the line says it all, or nothing is to be done
    mending: str  # what comes before the line; empty without one


def said(finding: Finding) -> Said:
    """The finding in the reader's language."""
    facts = {**finding.facts, "from": as_read(str(finding.facts.get("from", "")))}
    empty = {name: "–" if value == "" else value for name, value in facts.items()}
    meaning, todo = (_(words) % empty if words else "" for words in _SAID[finding.code])
    if finding.code == "spf.too_many" and not facts["left_out"]:
        todo = ""
    if facts.get("asks_provider"):
        todo = _("Instead of “spf.provider.example” write the name that your provider’s pages give for SPF.")
    if facts.get("is_aside"):
        meaning = f"{meaning} " + _("The envelope has another domain, so this is no reason to refuse mail.")
    return Said(
        str(ABOUT[finding.about]), str(LEVELS[finding.level]), meaning, todo.strip(), _mending(finding)
    )


def _mending(finding: Finding) -> str:
    if finding.mend is None:
        return ""
    if finding.mend.kind is Kind.SETTING:
        return _("Write into .env:")
    if finding.found and finding.about not in (About.REVERSE, About.BOUNCES):
        return _("Publish this record instead:")
    return _("Publish this record:")


def verdict(level: Level) -> str:
    """One sentence about all of it."""
    return {
        Level.GREEN: _("All is in order."),
        Level.AMBER: _("Mail will be taken. Some things are better mended."),
        Level.RED: _("Providers will refuse mail from this domain, or take it for spam."),
        Level.UNKNOWN: _("Not everything could be asked; what was answered shows nothing red."),
        Level.SKIPPED: "",
    }[level]
