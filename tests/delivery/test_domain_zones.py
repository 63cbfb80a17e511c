"""What is said of a sender domain, and the line that mends it: one zone for each thing that can be wrong, on a name server of our own."""

import json

import idna
import pytest
from fake_dns import HANG, SERVFAIL, TRUNCATE
from zones import INCLUDES, KEY, LONG, NOTHING, OURS, OWN, REPORTS, RIGHT, ZONES, D, policy, spf, txt

from depeche.delivery.examining import dmarc, findings
from depeche.delivery.examining.dkim import Selector
from depeche.delivery.examining.dns_answers import Dns
from depeche.delivery.examining.examination import examine

pytestmark = pytest.mark.any_database


def examined(server, domain=D, *, way=OWN, selectors=(OURS,), bounce_domain="", each_s=2.0):
    asking = Dns([server.address], each_s=each_s)
    return examine(domain, asking, way=way, selectors=selectors, bounce_domain=bounce_domain)


def codes(found):
    return {finding.code: finding for finding in found.findings}


@pytest.mark.parametrize("about", ZONES)
def test_each_zone_gets_its_verdict_and_the_line_that_mends_it(about, name_server):
    changed, options, code, level, line = ZONES[about]
    found = codes(examined(name_server({**RIGHT, **changed}), **options))
    assert code in found, found
    finding = found[code]
    assert (str(finding.level), finding.mend.line if finding.mend else "") == (level, line)


def test_a_zone_that_is_right_is_green_throughout(name_server):
    found = examined(name_server(RIGHT))
    assert str(found.level) == "green"
    assert set(codes(found)) == {
        *("spf.good", "dkim.good", "dmarc.watching", "alignment.good", "bounces.good", "reverse.good"),
        "no_way_out",
    }


@pytest.mark.parametrize("about", [name for name, zone in ZONES.items() if zone[3] == "red" and zone[4]])
def test_what_the_line_says_published_is_no_longer_red(about, name_server):
    """The mending line itself is put into the zone. What is left to a person is not: other copies, a setting, another zone."""
    changed, options, code, _level, _line = ZONES[about]
    zone = {**RIGHT, **changed}
    mend = codes(examined(name_server(zone), **options))[code].mend
    if mend.kind is findings.Kind.SETTING:
        pytest.skip("not a record")
    if mend.kind is findings.Kind.TXT:
        zone.pop(f"{mend.name} CNAME", None)
        zone[f"{mend.name} TXT"] = txt(mend.value)
    else:
        dot = "." if mend.kind is not findings.Kind.A else ""
        zone[f"{mend.name} {mend.kind}"] = [mend.value + dot]
    after = examined(name_server(zone), **options)
    assert code not in codes(after), codes(after)[code]
    assert str(after.level) in ("green", "amber")


@pytest.mark.parametrize(
    ("own", "above", "exists", "code", "policy_said", "tag"),
    [
        ("", f"v=DMARC1; p=reject; sp=none; {REPORTS}", True, "dmarc.watching", "none", "sp"),
        ("", f"v=DMARC1; p=reject; {REPORTS}", True, "dmarc.good", "reject", "p"),
        ("", f"v=DMARC1; p=none; sp=none; np=reject; {REPORTS}", False, "dmarc.good", "reject", "np"),
        ("", f"v=DMARC1; p=none; sp=quarantine; {REPORTS}", False, "dmarc.good", "quarantine", "sp"),
        ("", f"v=DMARC1; p=reject; np=none; {REPORTS}", True, "dmarc.good", "reject", "p"),
        (f"v=DMARC1; p=none; {REPORTS}", f"v=DMARC1; p=reject; {REPORTS}", True, "dmarc.watching", "none", "p"),
    ],
)  # fmt: skip
def test_a_subdomain_inherits(own, above, exists, code, policy_said, tag, name_server):
    sub = f"lettre.{D}"
    zone = {**RIGHT, **policy(above)} | (policy(own, sub) if own else {})
    zone |= {f"{sub} A": ["192.0.2.10"]} if exists else {}
    finding = codes(examined(name_server(zone), sub))[code]
    assert (finding.facts["policy"], finding.facts["tag"]) == (policy_said, tag)


def test_the_walk_up_asks_eight_times_at_most(name_server):
    server = name_server(RIGHT)
    assert list(dmarc.names_walked("a.b.test")) == ["a.b.test", "b.test", "test"]
    asked = list(dmarc.names_walked(LONG))
    assert asked[:2] == [LONG, "e.f.g.h.i.journal.test"]
    assert (len(asked), asked[-1]) == (8, "test")
    assert dmarc.policy_of(LONG, Dns([server.address])).domain == D
    names = [name for _way, name, kind in server.asked if kind == "TXT"]
    assert len(names) == 8, names


def test_eight_labels_are_walked_whole():
    eight = "a.b.c.d.e.f.journal.test"
    assert list(dmarc.names_walked(eight))[1] == "b.c.d.e.f.journal.test"
    assert len(list(dmarc.names_walked(eight))) == 8


@pytest.mark.parametrize(
    ("records", "domain"),
    [
        ({}, f"a.b.{D}"),
        (policy("v=DMARC1; p=none"), D),
        ({**policy("v=DMARC1; p=none"), **policy("v=DMARC1; p=none; psd=y", "test")}, D),
        (policy("v=DMARC1; p=none; psd=y", "test"), D),
        ({**policy("v=DMARC1; p=none"), **policy("v=DMARC1; p=none; psd=n", f"b.{D}")}, f"b.{D}"),
        ({**policy("v=DMARC1; p=none"), f"_dmarc.b.{D} TXT": ['"v=DMARC1; p=none"', '"v=DMARC1; psd=n"']}, D),
    ],
)
def test_where_an_organisation_ends(records, domain, name_server):
    server = name_server({f"a.b.{D} A": ["192.0.2.1"], **records})
    assert dmarc.organisational_domain(f"a.b.{D}", Dns([server.address])) == domain


@pytest.mark.parametrize("how", [SERVFAIL, HANG])
def test_a_name_server_that_does_not_answer_says_nothing_about_the_domain(how, name_server):
    failing = {D: how, f"s1._domainkey.{D}": how, f"_dmarc.{D}": how, "10.2.0.192.in-addr.arpa": how}
    found = examined(name_server(RIGHT, failing), each_s=0.2)
    assert {str(finding.level) for finding in found.findings} == {"unknown", "skipped"}
    assert {finding.code for finding in found.findings} == {"unanswered", "no_way_out"}
    assert str(found.level) == "unknown"


def test_an_include_that_is_not_answered_leaves_spf_open(name_server):
    zone = {**RIGHT, **spf("v=spf1 ip4:192.0.2.10 include:i1.test -all", **INCLUDES)}
    found = codes(examined(name_server(zone, {"i1.test": SERVFAIL})))
    assert (found["unanswered"].name, str(found["unanswered"].about)) == ("i1.test", "spf")
    assert "dkim.good" in found


def test_all_questions_together_have_an_end(name_server):
    server = name_server(RIGHT, {f"_dmarc.{D}": HANG})
    asking = Dns([server.address], each_s=5.0, within_s=0.5)
    found = codes(examine(D, asking, way=OWN, selectors=[OURS]))
    assert "spf.good" in found
    assert "unanswered" in found


def test_an_answer_too_long_for_udp_is_fetched_by_tcp(name_server):
    server = name_server(RIGHT, {D: TRUNCATE, f"s1._domainkey.{D}": TRUNCATE})
    assert str(examined(server).level) == "green"
    assert ("tcp", f"s1._domainkey.{D}", "TXT") in server.asked


def test_a_domain_with_accents(name_server):
    accented = idna.encode("dépêche.test").decode()
    renamed = {
        name.replace(D, accented): [value.replace(D, accented) for value in values]
        for name, values in RIGHT.items()
    }
    found = examined(name_server(renamed), accented, selectors=[Selector("s1", accented, KEY)])
    assert str(found.level) == "green"
    assert findings.as_read(accented) == "dépêche.test"
    bare = codes(examined(name_server({**renamed, f"_dmarc.{accented} TXT": NOTHING}), accented))
    assert bare["dmarc.missing"].mend.name == f"_dmarc.{accented}"


@pytest.mark.parametrize("hostile", ["v=spf1 include:" + "x" * 300, "v=spf1 a:..", "v=spf1 include:é.test -all",
                                     "v=spf1 \x00\x01", "v=spf1 " + "a " * 200, "v=spf1 ip4:1.2.3 -all", "v=spf1 mx//200"])  # fmt: skip
def test_nonsense_is_a_verdict_not_an_error(hostile, name_server):
    escaped = "".join(f"\\{byte:03d}" if byte < 32 or byte > 126 else chr(byte) for byte in hostile.encode())
    pieces = " ".join(f'"{escaped[at : at + 200]}"' for at in range(0, len(escaped), 200))
    found = examined(name_server({**RIGHT, f"{D} TXT": [pieces]}))
    assert str(found.findings[0].level) == "red"
    kept = json.dumps([one.as_json() for one in found.findings], ensure_ascii=False)
    assert "\\u00" not in kept, "a control character, which PostgreSQL would refuse"


def test_findings_are_kept_as_json(name_server):
    for changed, options, *_expected in list(ZONES.values())[:20]:
        for finding in examined(name_server({**RIGHT, **changed}), **options).findings:
            assert findings.Finding.from_json(finding.as_json()) == finding
