"""Zones of a sender domain: right, and with each thing that can be wrong; with the verdict and the line that mends it."""

import base64
import random

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from depeche.delivery.examining.dkim import Selector
from depeche.delivery.examining.examination import WayOut

D = "journal.test"


def public_key(bits, seed=9):
    number = random.Random(seed).getrandbits(bits) | (1 << (bits - 1)) | 1
    key = rsa.RSAPublicNumbers(65537, number).public_key()
    return base64.b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


KEY, OTHER_KEY, SHORT_KEY, WEAK_KEY = public_key(2048), public_key(2048, 1), public_key(1024), public_key(512)
ED25519 = base64.b64encode(bytes(range(32))).decode()
OURS = Selector("s1", D, KEY)
OUR_LINE = f's1._domainkey.{D}. IN TXT "v=DKIM1; k=rsa; p={KEY[:237]}" "{KEY[237:]}"'
REPORTS = f"rua=mailto:dmarc@{D}"
OWN = WayOut(senders=["ip4:192.0.2.10"], addresses=["192.0.2.10"], is_own_server=True, host=f"mail.{D}")
PROVIDER = WayOut(senders=["include:spf.provider.example"], is_provider=True)
HOST = WayOut(senders=["include:_spf.relay.test"], host="smtp.relay.test")


def txt(words):
    return [" ".join(f'"{words[at : at + 255]}"' for at in range(0, len(words), 255) or [0])]


def spf(words, **more):
    return {f"{D} TXT": txt(words), **more}


def key(words, domain=D):
    return {f"s1._domainkey.{domain} TXT": txt(words)}


def policy(words, domain=D):
    return {f"_dmarc.{domain} TXT": txt(words)}


RIGHT = {
    **spf("v=spf1 ip4:192.0.2.10 -all"),
    **key(f"v=DKIM1; k=rsa; p={KEY}"),
    **policy(f"v=DMARC1; p=none; {REPORTS}"),
    f"{D} MX": [f"10 mail.{D}."],
    f"mail.{D} A": ["192.0.2.10"],
    "10.2.0.192.in-addr.arpa PTR": [f"mail.{D}."],
}
INCLUDES = {f"i{n}.test TXT": txt("v=spf1 ip4:198.51.100.1 -all") for n in range(1, 12)}
TEN = " ".join(f"include:i{n}.test" for n in range(1, 11))
NOTHING: list[str] = []
LONG = "a.b.c.d.e.f.g.h.i.journal.test"

# what the zone is about: records changed (an empty list takes one out), options of the examination, code, level, mending line
ZONES = {
    "right": ({}, {}, "spf.good", "green", ""),
    "no spf": (
        {f"{D} TXT": NOTHING}, {}, "spf.missing", "red", f'{D}. IN TXT "v=spf1 ip4:192.0.2.10 ~all"',
    ),
    "no spf, by a provider nobody knows": (
        {f"{D} TXT": NOTHING}, {"way": PROVIDER}, "spf.missing", "amber",
        f'{D}. IN TXT "v=spf1 include:spf.provider.example ~all"',
    ),
    "other txt records are none of ours": (
        {f"{D} TXT": ['"v=spf1 ip4:192.0.2.10 -all"', '"site-verification=1"', '"v=spf10 -all"']}, {},
        "spf.good", "green", "",
    ),
    "two spf records": (
        {f"{D} TXT": ['"v=spf1 ip4:192.0.2.10 -all"', '"v=spf1 include:i1.test ~all"'], **INCLUDES}, {},
        "spf.several", "red", f'{D}. IN TXT "v=spf1 include:i1.test ip4:192.0.2.10 ~all"',
    ),
    "ten lookups": (spf(f"v=spf1 ip4:192.0.2.10 {TEN} -all", **INCLUDES), {}, "spf.good", "green", ""),
    "eleven lookups": (
        spf(f"v=spf1 ip4:192.0.2.10 {TEN} include:i11.test -all", **INCLUDES), {}, "spf.too_many", "red",
        f'{D}. IN TXT "v=spf1 ip4:192.0.2.10 {TEN.removeprefix("include:i1.test ")} include:i11.test -all"',
    ),
    "eleven lookups, one of them deep inside": (
        spf(f"v=spf1 ip4:192.0.2.10 {TEN} -all", **{**INCLUDES, "i1.test TXT": txt("v=spf1 include:i11.test ~all")}),
        {}, "spf.too_many", "red",
        f'{D}. IN TXT "v=spf1 ip4:192.0.2.10 {TEN.removeprefix("include:i1.test ")} -all"',
    ),
    "eleven lookups, of which `a` and `mx` can be written as addresses": (
        spf(f"v=spf1 a:mail.{D} mx {TEN.removesuffix(' include:i10.test')} -all", **INCLUDES), {},
        "spf.too_many", "red",
        f'{D}. IN TXT "v=spf1 ip4:192.0.2.10 {TEN.removesuffix(" include:i10.test")} -all"',
    ),
    "a redirect is followed": (spf("v=spf1 redirect=i1.test", **{"i1.test TXT": txt("v=spf1 ip4:192.0.2.0/24 -all")}), {}, "spf.good", "green", ""),
    "an include that includes itself": (
        spf("v=spf1 ip4:192.0.2.10 include:i1.test -all", **{"i1.test TXT": txt("v=spf1 include:i1.test -all")}),
        {}, "spf.too_many", "red", f'{D}. IN TXT "v=spf1 ip4:192.0.2.10 -all"',
    ),
    "two void lookups": (
        spf("v=spf1 ip4:192.0.2.10 a:x.test a:y.test -all"), {}, "spf.some_voids", "amber",
        f'{D}. IN TXT "v=spf1 ip4:192.0.2.10 -all"',
    ),
    "three void lookups": (
        spf("v=spf1 ip4:192.0.2.10 a:x.test mx:y.test exists:z.test -all"), {}, "spf.voids", "red",
        f'{D}. IN TXT "v=spf1 ip4:192.0.2.10 -all"',
    ),
    "an include without a record": (
        spf("v=spf1 ip4:192.0.2.10 include:gone.test -all"), {}, "spf.include_missing", "red",
        f'{D}. IN TXT "v=spf1 ip4:192.0.2.10 -all"',
    ),
    "an include with two records": (
        spf("v=spf1 ip4:192.0.2.10 include:two.test -all", **{"two.test TXT": ['"v=spf1 -all"', '"v=spf1 ~all"']}),
        {}, "spf.include_several", "red", f'{D}. IN TXT "v=spf1 ip4:192.0.2.10 -all"',
    ),
    "more than ten mail servers": (
        spf("v=spf1 ip4:192.0.2.10 mx:many.test -all", **{"many.test MX": [f"{n} mail.{D}." for n in range(11)]}),
        {}, "spf.many_mx", "red", f'{D}. IN TXT "v=spf1 ip4:192.0.2.10 -all"',
    ),
    "+all": (spf("v=spf1 ip4:192.0.2.10 +all"), {}, "spf.everybody", "red", f'{D}. IN TXT "v=spf1 ip4:192.0.2.10 ~all"'),
    "a bare all is +all": (spf("v=spf1 ip4:192.0.2.10 all"), {}, "spf.everybody", "red", f'{D}. IN TXT "v=spf1 ip4:192.0.2.10 ~all"'),
    "?all": (spf("v=spf1 ip4:192.0.2.10 ?all"), {}, "spf.open_end", "amber", f'{D}. IN TXT "v=spf1 ip4:192.0.2.10 ~all"'),
    "no end": (spf("v=spf1 ip4:192.0.2.10"), {}, "spf.open_end", "amber", f'{D}. IN TXT "v=spf1 ip4:192.0.2.10 ~all"'),
    "a term nobody knows": (spf("v=spf1 ipv4:192.0.2.10 -all"), {}, "spf.unreadable", "red", f'{D}. IN TXT "v=spf1 ip4:192.0.2.10 ~all"'),
    "terms after all": (
        spf("v=spf1 ip4:192.0.2.10 -all include:i1.test", **INCLUDES), {}, "spf.after_all", "amber",
        f'{D}. IN TXT "v=spf1 ip4:192.0.2.10 include:i1.test -all"',
    ),
    "not our server": (
        spf("v=spf1 ip4:198.51.100.0/24 -all"), {}, "spf.not_us", "red",
        f'{D}. IN TXT "v=spf1 ip4:198.51.100.0/24 ip4:192.0.2.10 -all"',
    ),
    "our server by its network": (spf("v=spf1 ip4:192.0.2.0/24 -all"), {}, "spf.good", "green", ""),
    "our server by mx, strings split": (
        {f"{D} TXT": ['"v=spf1 m" "x -all"']}, {}, "spf.good", "green", "",
    ),
    "not our relay": (
        spf("v=spf1 ip4:192.0.2.10 -all"), {"way": HOST}, "spf.way_missing", "amber",
        f'{D}. IN TXT "v=spf1 ip4:192.0.2.10 include:_spf.relay.test -all"',
    ),
    "ptr": (spf("v=spf1 ip4:192.0.2.10 ptr -all"), {}, "spf.ptr", "amber", f'{D}. IN TXT "v=spf1 ip4:192.0.2.10 -all"'),
    "the envelope has a domain of its own, without spf": (
        {f"bounces.{D} MX": [f"10 mail.{D}."]}, {"bounce_domain": f"bounces.{D}"}, "spf.missing", "red",
        f'bounces.{D}. IN TXT "v=spf1 ip4:192.0.2.10 ~all"',
    ),
    "the envelope has a domain of its own, and From no spf": (
        {
            f"{D} TXT": NOTHING, f"bounces.{D} MX": [f"10 mail.{D}."],
            f"bounces.{D} TXT": txt("v=spf1 ip4:192.0.2.10 -all"),
        },
        {"bounce_domain": f"bounces.{D}"}, "spf.missing", "amber",
        f'{D}. IN TXT "v=spf1 ip4:192.0.2.10 ~all"',
    ),
    "no dkim": ({f"s1._domainkey.{D} TXT": NOTHING}, {}, "dkim.missing", "red", OUR_LINE),
    "nobody named a selector": ({}, {"selectors": []}, "dkim.no_selector", "amber", ""),
    "a key in one string more": (
        {f"s1._domainkey.{D} TXT": [f'"v=DKIM1; k=rsa;" " p={KEY[:100]}" "{KEY[100:300]}" "{KEY[300:]}"']}, {},
        "dkim.good", "green", "",
    ),
    "a key behind an alias": (
        {f"s1._domainkey.{D} TXT": NOTHING, f"s1._domainkey.{D} CNAME": ["k.relay.test."],
         "k.relay.test TXT": txt(f"v=DKIM1; p={KEY}")}, {}, "dkim.good", "green", "",
    ),
    "an alias that leads nowhere": (
        {f"s1._domainkey.{D} TXT": NOTHING, f"s1._domainkey.{D} CNAME": ["k.relay.test."]}, {},
        "dkim.missing", "red", OUR_LINE,
    ),
    "a key of 512 bits": (
        key(f"v=DKIM1; p={WEAK_KEY}"), {"selectors": [Selector("s1", D)]}, "dkim.weak", "red", "",
    ),
    "a key of 1024 bits": (
        key(f"v=DKIM1; p={SHORT_KEY}"), {"selectors": [Selector("s1", D)]}, "dkim.short", "amber", "",
    ),
    "a revoked key": (key("v=DKIM1; p="), {}, "dkim.revoked", "red", OUR_LINE),
    "another key than we sign with": (key(f"v=DKIM1; p={OTHER_KEY}"), {}, "dkim.other_key", "red", OUR_LINE),
    "half a key": (key(f"v=DKIM1; p={KEY[:200]}"), {}, "dkim.broken_key", "red", OUR_LINE),
    "a key in test": (
        key(f"v=DKIM1; k=rsa; t=y; p={KEY}"), {}, "dkim.testing", "amber", OUR_LINE,
    ),
    "a key of another version": (key(f"v=DKIM2; p={KEY}"), {}, "dkim.unreadable", "red", OUR_LINE),
    "an algorithm nobody knows": (key(f"v=DKIM1; k=dsa; p={KEY}"), {}, "dkim.unknown_algorithm", "red", OUR_LINE),
    "a key for sha1 only": (key(f"v=DKIM1; h=sha1; p={KEY}"), {}, "dkim.not_for_mail", "red", OUR_LINE),
    "two keys": ({f"s1._domainkey.{D} TXT": [f'"v=DKIM1; p={SHORT_KEY}"', f'"v=DKIM1; p={WEAK_KEY}"']}, {}, "dkim.several", "red", OUR_LINE),
    "ed25519 alone": (
        key(f"v=DKIM1; k=ed25519; p={ED25519}"), {"selectors": [Selector("s1", D, ED25519, "ed25519")]},
        "dkim.only_ed25519", "red", "",
    ),
    "no dmarc": ({f"_dmarc.{D} TXT": NOTHING}, {}, "dmarc.missing", "red", f'_dmarc.{D}. IN TXT "v=DMARC1; p=none; {REPORTS}"'),
    "two dmarc records": (
        {f"_dmarc.{D} TXT": ['"v=DMARC1; p=none"', '"v=DMARC1; p=reject"']}, {}, "dmarc.several", "red",
        f'_dmarc.{D}. IN TXT "v=DMARC1; p=none"',
    ),
    "dmarc in small letters": (policy("v=dmarc1; p=none"), {}, "dmarc.unreadable", "red", f'_dmarc.{D}. IN TXT "v=DMARC1; p=none; {REPORTS}"'),
    "dmarc without a policy": (policy(f"v=DMARC1; {REPORTS}"), {}, "dmarc.no_policy", "amber", f'_dmarc.{D}. IN TXT "v=DMARC1; {REPORTS}; p=none"'),
    "dmarc with a policy nobody knows": (
        policy("v=DMARC1; p=block"), {}, "dmarc.no_policy", "red", f'_dmarc.{D}. IN TXT "v=DMARC1; p=none"',
    ),
    "dmarc with pct": (
        policy(f"v=DMARC1; p=reject; pct=50; {REPORTS}"), {}, "dmarc.gone_tags", "amber",
        f'_dmarc.{D}. IN TXT "v=DMARC1; p=reject; {REPORTS}"',
    ),
    "dmarc in test": (
        policy(f"v=DMARC1; p=reject; t=y; {REPORTS}"), {}, "dmarc.testing", "amber",
        f'_dmarc.{D}. IN TXT "v=DMARC1; p=reject; {REPORTS}"',
    ),
    "dmarc without reports": (policy("v=DMARC1; p=reject"), {}, "dmarc.no_reports", "amber", f'_dmarc.{D}. IN TXT "v=DMARC1; p=reject; {REPORTS}"'),
    "dmarc that forbids": (policy(f"v=DMARC1; p=reject; {REPORTS}"), {}, "dmarc.good", "green", ""),
    "signed for somebody else": (
        key(f"v=DKIM1; p={KEY}", "relay.test"),
        {"selectors": [Selector("s1", "relay.test", KEY)], "way": PROVIDER}, "alignment.none", "red",
        f"DEPECHE_BOUNCE_ADDRESS=bounces@{D}",
    ),
    "signed for somebody else, but our envelope": (
        key(f"v=DKIM1; p={KEY}", "relay.test"), {"selectors": [Selector("s1", "relay.test", KEY)]},
        "alignment.spf_only", "amber", "",
    ),
    "somebody else's envelope, but our signature": (
        {"relay.test TXT": txt("v=spf1 ip4:192.0.2.10 -all"), "relay.test MX": [f"10 mail.{D}."]},
        {"bounce_domain": "relay.test"}, "alignment.dkim_only", "green", "",
    ),
    "nothing tells who signs": ({}, {"way": PROVIDER, "selectors": []}, "alignment.untold", "amber", ""),
    "strict alignment fails": (
        {**policy(f"v=DMARC1; p=none; adkim=s; aspf=s; {REPORTS}"), **key(f"v=DKIM1; p={KEY}", f"news.{D}"),
         f"news.{D} TXT": txt("v=spf1 ip4:192.0.2.10 -all"), f"news.{D} MX": [f"10 mail.{D}."]},
        {"selectors": [Selector("s1", f"news.{D}", KEY)], "bounce_domain": f"news.{D}"},
        "alignment.strict", "red", f'_dmarc.{D}. IN TXT "v=DMARC1; p=none; {REPORTS}"',
    ),
    "strict alignment holds": (
        policy(f"v=DMARC1; p=none; adkim=s; aspf=s; {REPORTS}"), {}, "alignment.good", "green", "",
    ),
    "relaxed alignment of a subdomain": (
        {**key(f"v=DKIM1; p={KEY}", f"news.{D}"), f"news.{D} TXT": txt("v=spf1 ip4:192.0.2.10 -all"),
         f"news.{D} MX": [f"10 mail.{D}."]},
        {"selectors": [Selector("s1", f"news.{D}", KEY)], "bounce_domain": f"news.{D}"},
        "alignment.good", "green", "",
    ),
    "no ptr": ({"10.2.0.192.in-addr.arpa PTR": NOTHING}, {}, "reverse.missing", "red", f"10.2.0.192.in-addr.arpa. IN PTR mail.{D}."),
    "a ptr that does not confirm": (
        {"10.2.0.192.in-addr.arpa PTR": ["box7.hoster.test."], "box7.hoster.test A": ["192.0.2.99"]}, {},
        "reverse.not_confirmed", "red", "box7.hoster.test. IN A 192.0.2.10",
    ),
    "reverse dns is the provider's": ({}, {"way": PROVIDER}, "reverse.not_ours", "skipped", ""),
    "our own server, and nobody named its address": (
        {}, {"way": WayOut(senders=["mx"], is_own_server=True)}, "reverse.address_unknown", "skipped", "",
    ),
    "a dead bounce domain": (
        {f"bounces.{D} TXT": txt("v=spf1 ip4:192.0.2.10 -all")}, {"bounce_domain": f"bounces.{D}"},
        "bounces.dead", "red", f"bounces.{D}. IN MX 10 mail.{D}.",
    ),
    "null mx": ({f"{D} MX": ["0 ."]}, {}, "bounces.null_mx", "red", f"{D}. IN MX 10 mail.{D}."),
    "an mx that leads nowhere": (
        {f"{D} MX": ["10 gone.test."]}, {}, "bounces.dangling", "red", f"{D}. IN MX 10 mail.{D}.",
    ),
    "one mx of two leads nowhere": (
        {f"{D} MX": ["5 gone.test.", f"10 mail.{D}."]}, {}, "bounces.some_dangling", "amber",
        f"{D}. IN MX 10 mail.{D}.",
    ),
    "an mx that is a number": (
        {f"{D} MX": ["10 192.0.2.10."]}, {}, "bounces.number", "red", f"{D}. IN MX 10 mail.{D}.",
    ),
    "an mx that is an alias": (
        {f"{D} MX": [f"10 smtp.{D}."], f"smtp.{D} CNAME": [f"mail.{D}."]}, {}, "bounces.alias", "amber",
        f"{D}. IN MX 10 mail.{D}.",
    ),
    "no mx, but an address": ({f"{D} MX": NOTHING, f"{D} A": ["192.0.2.10"]}, {}, "bounces.no_mx", "amber", f"{D}. IN MX 10 mail.{D}."),
}  # fmt: skip
