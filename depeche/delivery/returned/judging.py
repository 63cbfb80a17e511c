"""What a refusal, however it reached us, says of the address."""

from __future__ import annotations

import re

from ..smtp.outcomes import Fault, Stage, fault_of
from ..smtp.replies import Reply, printable
from .told import Kind

READ = 2_000  # characters; codes stand at the beginning
_ENHANCED = re.compile(r"(?<![\d.])#?([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_CODE = re.compile(r"(?<![\d.])([45]\d\d)(?=[ -])")
_DEAD = re.compile(r"5\.1\.\d+|5\.2\.1|5\.7\.1[78]")
_SAYS_NOTHING = re.compile(r"([245]\.[02345]\.0)?")
_FULL = re.compile(
    r"quota|full\b|out of storage|storage space|exceeds? (the )?allowed|size limit|bo[iî]te.{0,30}pleine|insufficient",
    re.IGNORECASE,
)
_POLICY = re.compile(
    r"spam|block|black ?list|\b(spf|dkim|dmarc|rbl|dnsbl)\b|reputation|policy|unsolicited|authenticat|relay|not allowed",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(
    r"(user|recipient|mailbox|account|address|person)\b.{0,60}\b(unknown|not found|exist|not recognized|invalide?|no longer)"
    r"|(unknown|no such|invalid) (user|recipient|mailbox|account|address|person|domain)"
    r"|no mailbox here|n.t have an? .{0,40}account|unroute?able|domain name not found|nxdomain"
    r"|(destinataire|adresse|compte)\b.{0,60}\b(inconnue?|introuvable|invalide|inexistante?)",
    re.IGNORECASE,
)


def reply_of(words: str, status: str = "") -> Reply:
    """The reply in words of a report, with their codes; `status` where they have none of their own.

    A code of another class than the status gives way: « 550 4.4.7 » is one of those that may pass.
    """
    words = words[:READ]
    found = _ENHANCED.search(words)
    enhanced = (
        found[1] if found and not _SAYS_NOTHING.fullmatch(found[1]) else status or (found[1] if found else "")
    )
    coded = _CODE.search(words)
    code = coded[1] if coded else f"{enhanced[:1] or '5'}50"
    if enhanced and code[0] != enhanced[0]:
        code = f"{enhanced[0]}50"
    said = re.sub(rf"(?<![\d.]){code}[ -](#?{re.escape(enhanced)}\b)?", " ", words) if coded else words
    said = said.removeprefix(enhanced) if enhanced else said
    return Reply(int(code), (printable(f"{enhanced} {said}").encode(),))


def kind_of(reply: Reply) -> Kind:
    """What a refusal for good, by a server or in a report, says of the address.

    Only who has no such mailbox is `hard`, and words that speak of something else make it less; policy is `ours`.

    Source: RFC 3463 §3 and what `fault_of` names.
    """
    words, enhanced = reply.words, reply.enhanced
    if _SAYS_NOTHING.fullmatch(enhanced):
        for said, kind in ((_FULL, Kind.SOFT), (_POLICY, Kind.OURS), (_UNKNOWN, Kind.HARD)):
            if said.search(words):
                return kind
    fault = fault_of(Stage.RCPT, reply)
    if fault in (Fault.SENDER, Fault.CONTENT) or (".7." in enhanced and fault is not Fault.RECIPIENT):
        return Kind.OURS
    if fault is Fault.RECIPIENT and _DEAD.fullmatch(enhanced):
        if _FULL.search(words):
            return Kind.SOFT
        return Kind.OURS if _POLICY.search(words) else Kind.HARD
    return Kind.SOFT
