"""Keys that sign mail: where they lie, which signs, what is published; by the module and by `bin/depeche dkim`."""

import base64
import datetime as dt
import io
import json
import re
import stat
import threading

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.core.management import CommandError, call_command
from verifying import verifies

from depeche.delivery import dkim_keys, dkim_records, signing
from depeche.delivery.examining.dns_answers import Unanswered

pytestmark = pytest.mark.any_database
TODAY = dt.date(2026, 11, 26)
DOMAIN = "courrier.test"
REAL_KEY = rsa.generate_private_key


@pytest.fixture(autouse=True)
def folder(settings):
    settings.DEFAULT_FROM_EMAIL = f"Le Courrier <redaction@{DOMAIN}>"
    return settings.DKIM_FOLDER


@pytest.fixture(scope="module")
def private():
    return [rsa.generate_private_key(65537, dkim_keys.BITS) for _ in range(3)]


@pytest.fixture(autouse=True)
def _quick(private, monkeypatch):
    """Making a key takes a tenth of a second: these are dealt out in turn."""
    dealt = [*private]

    def deal(exponent, bits):
        assert (exponent, bits) == (65537, 2048)
        dealt.append(dealt.pop(0))
        return dealt[-1]

    monkeypatch.setattr(dkim_keys.rsa, "generate_private_key", deal)


@pytest.fixture
def published(monkeypatch):
    """What DNS has: names and values; None where it cannot be asked."""
    records = {}

    def is_published(key):
        return dkim_records_is_published(key, dns=Zone(records))

    dkim_records_is_published = dkim_records.is_published
    monkeypatch.setattr(dkim_records, "is_published", is_published)
    return records


class Zone:
    """What DNS has of TXT records; None where it does not answer."""

    def __init__(self, records):
        self.records = records

    def txt(self, name):
        found = self.records.get(name, [])
        if found is None:
            raise Unanswered(name)
        return ["".join(strings) for strings in found]


def make(selector="", domain=DOMAIN):
    return dkim_keys.create(domain, selector=selector, today=TODAY)


def use(key):
    dkim_keys.use(dkim_keys.find(key.selector, domain=key.domain))


def dkim(*arguments):
    out, err = io.StringIO(), io.StringIO()
    call_command("dkim", *arguments, stdout=out, stderr=err)
    return out.getvalue() + err.getvalue()


def test_a_new_key_lies_in_a_file_of_its_own_for_us_alone(folder):
    key = make()
    assert key.record_name == "depeche202611._domainkey.courrier.test"
    (path,) = folder.iterdir()
    assert path.name == f"{key.record_name}.pem"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text().startswith("-----BEGIN PRIVATE KEY-----")  # PKCS#8
    assert dkim_keys.readable_by_others() == []
    assert dkim_keys.in_use() == {}


def test_the_record_holds_the_public_half():
    key = make()
    found = re.fullmatch(r"v=DKIM1; k=rsa; p=([A-Za-z0-9+/=]+)", key.record)
    public = serialization.load_der_public_key(base64.b64decode(found[1]))
    assert public.public_numbers() == key.private.public_key().public_numbers()


def test_a_zone_file_has_it_in_strings_that_fit():
    key = make()
    line = dkim_records.zone_line(key)
    assert line.startswith(f"{key.record_name}. IN TXT ( ")
    strings = re.findall(r'"([^"]*)"', line)
    assert [len(string) <= 255 for string in strings] == [True, True]
    assert "".join(strings) == key.record


def test_a_second_key_of_a_month_has_a_name_of_its_own():
    assert [make().selector for _ in range(3)] == ["depeche202611", "depeche202611-2", "depeche202611-3"]
    assert make(domain="ailleurs.test").selector == "depeche202611"


def test_a_selector_is_never_used_for_a_second_key():
    key = make("un")
    with pytest.raises(dkim_keys.AlreadyThere):
        make("un")
    dkim_keys.retire(dkim_keys.find(key.selector))
    with pytest.raises(dkim_keys.AlreadyThere):
        make("UN")


def test_two_who_make_the_same_selector_at_once_do_not_take_each_others_place(monkeypatch):
    monkeypatch.setattr(dkim_keys, "selectors", lambda: [])
    make("un")
    with pytest.raises(dkim_keys.AlreadyThere):
        make("un")


@pytest.mark.parametrize(
    "domain", ["", "courrier", "a b.test", "-.test", "../x.test", "a..test", "x" * 64 + ".test"]
)
def test_what_is_no_domain_is_refused(domain):
    with pytest.raises(dkim_keys.UnusableName):
        make("un", domain)


@pytest.mark.parametrize(
    "selector", ["a b", "../x", "é", "-a", "a.", "x" * 64, "a._domainkey.b", "a/b", "\0"]
)
def test_what_is_no_selector_is_refused(selector, folder):
    with pytest.raises(dkim_keys.UnusableName):
        make(selector)
    assert not folder.exists()


def test_a_domain_with_accents_is_signed_as_dns_has_it():
    use(make("un", "Exämple.test"))
    assert signing.key_of("Élise <a@exämple.test>").record_name == "un._domainkey.xn--exmple-cua.test"


def test_the_key_in_use_is_the_one_used_last():
    one, two = make("un"), make("deux")
    assert dkim_keys.key_for(DOMAIN) is None
    for key in (one, two, one):
        use(key)
        assert dkim_keys.key_for(DOMAIN).selector == key.selector
        assert {one.name: one.state for one in dkim_keys.selectors()} == {
            "un": "kept",
            "deux": "kept",
            key.selector: "in use",
        }


def test_a_domain_has_a_key_of_its_own_before_that_of_the_one_above():
    use(make("un"))
    use(make("deux", f"lettre.{DOMAIN}"))
    assert dkim_keys.key_for(f"lettre.{DOMAIN}").selector == "deux"
    assert dkim_keys.key_for(f"matin.lettre.{DOMAIN}").selector == "deux"
    assert dkim_keys.key_for(f"autre.{DOMAIN}").selector == "un"
    assert dkim_keys.key_for("un" + DOMAIN) is None
    assert dkim_keys.key_for("test") is None


def test_a_key_that_was_retired_is_gone(folder):
    key = make()
    use(key)
    dkim_keys.retire(dkim_keys.find(key.selector))
    assert dkim_keys.in_use() == {}
    assert dkim_keys.find(key.selector).state == "retired"
    assert not any(path.read_bytes() for path in folder.iterdir())
    with pytest.raises(dkim_keys.UnknownSelector):
        dkim_keys.use(dkim_keys.find(key.selector))


def test_other_threads_see_a_change_at_once():
    seen = []
    for name in ("un", "deux"):
        use(make(name))
        thread = threading.Thread(target=lambda: seen.append(dkim_keys.key_for(DOMAIN).selector))
        thread.start()
        thread.join()
    assert seen == ["un", "deux"]


def pem(key, password=None):
    lock = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)


@pytest.mark.parametrize(
    "content",
    [
        lambda private: b"",
        lambda private: b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        lambda private: b"\xff\xfe\0" * 100_000,
        lambda private: pem(private, b"secret"),
        lambda private: pem(ec.generate_private_key(ec.SECP256R1())),
        lambda private: pem(REAL_KEY(65537, 1024)),
        lambda private: private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        ),
    ],
)
def test_what_cannot_be_used_leaves_the_key_that_was_known(content, folder, private, caplog):
    key = make("un")
    use(key)
    known = dkim_keys.key_for(DOMAIN)
    other = make("deux")
    (folder / f"{other.record_name}.pem").write_bytes(content(private[0]))
    with pytest.raises(dkim_keys.UnusableKey, match="deux"):
        dkim_keys.selectors()
    assert dkim_keys.key_for(DOMAIN).selector == "un"  # what is not used disturbs nobody
    (folder / f"{DOMAIN}.uses").write_text("deux")
    dkim_keys._tell()
    for _ in range(3):
        assert dkim_keys.key_for(DOMAIN).selector == "un"
    assert caplog.text.count("the keys that sign mail cannot be read") == 1
    assert "PRIVATE" not in caplog.text
    (folder / f"{other.record_name}.pem").write_bytes(pem(private[0]))
    assert dkim_keys.key_for(DOMAIN).selector == "deux"
    assert known.selector == "un"


def test_a_folder_that_is_gone_leaves_the_key_that_was_known(folder, caplog):
    use(make("un"))
    assert dkim_keys.key_for(DOMAIN)
    folder.rename(folder.with_name("away"))
    for _ in range(3):
        assert dkim_keys.key_for(DOMAIN).selector == "un"
    assert caplog.text.count("the keys that sign mail cannot be read") == 1
    folder.with_name("away").rename(folder)
    assert dkim_keys.key_for(DOMAIN).selector == "un"


def test_a_key_made_elsewhere_signs(folder, private):
    make("un")
    (folder / f"a.b._domainkey.{DOMAIN}.pem").write_bytes(
        private[1].private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
    )
    selector = dkim_keys.find("a.b")
    dkim_keys.use(selector)
    content = signing.signed(f"From: x@{DOMAIN}\r\n\r\nx\r\n".encode())
    assert verifies(content, selector.key)


def test_a_key_shows_nothing_of_its_private_half():
    assert "private" not in repr(make())


def test_made_published_used_changed_and_retired(published, monkeypatch):
    said = dkim("create")
    key = dkim_keys.find("depeche202611").key
    assert key.record_name in said
    assert key.record in said
    assert dkim_records.zone_line(key) in said
    assert "bin/depeche dkim use depeche202611" in said
    assert dkim("show", "depeche202611") in said

    with pytest.raises(CommandError, match=re.escape(key.record_name)):
        dkim("use", "depeche202611")
    assert dkim_keys.in_use() == {}
    published[key.record_name] = [("v=spf1 -all",), (key.record[:255], key.record[255:])]
    assert "depeche202611" in dkim("use", "depeche202611")
    assert dkim_keys.key_for(DOMAIN).selector == "depeche202611"

    dkim("create", "--selector", "neuf")
    published[f"neuf._domainkey.{DOMAIN}"] = [(key.record,)]  # that of another
    with pytest.raises(CommandError, match="neuf"):
        dkim("use", "neuf")
    assert "depeche202611" in dkim("use", "neuf", "--unpublished")
    states = {one["selector"]: one["state"] for one in json.loads(dkim("list", "--json"))}
    assert states == {"depeche202611": "kept", "neuf": "in use"}

    monkeypatch.setattr("builtins.input", lambda question: "non")
    for name in states:
        with pytest.raises(CommandError):
            dkim("retire", name)
    assert f"depeche202611._domainkey.{DOMAIN}" in dkim("retire", "depeche202611", "--yes")
    found = {one["selector"]: one for one in json.loads(dkim("list", "--json"))}
    assert (found["depeche202611"]["state"], found["depeche202611"]["record"]) == ("retired", None)
    for verb in ("show", "use", "retire"):
        with pytest.raises(CommandError, match="depeche202611"):
            dkim(verb, "depeche202611")
    assert len(dkim("list").splitlines()) == 2


def test_where_dns_cannot_be_asked_it_is_said_and_used(published):
    key = make("un")
    published[key.record_name] = None
    assert "DNS" in dkim("use", "un")
    assert dkim_keys.key_for(DOMAIN).selector == "un"


def test_a_record_is_known_whatever_its_spaces_and_order():
    key = make("un")
    public = key.record.partition("p=")[2]
    value = f"p = {public[:100]} {public[100:]} ; v=DKIM1"
    assert dkim_records.is_published(key, dns=Zone({key.record_name: [(value,)]}))
    assert not dkim_records.is_published(key, dns=Zone({key.record_name: [("v=DKIM1; p=",)]}))


def test_without_a_key_the_list_says_what_to_do(folder):
    assert "bin/depeche dkim create" in dkim("list")
    assert dkim("list", "--json").strip() == "[]"
    assert not folder.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("create", "--domain", "a b"),
        ("create", "--selector", "../x"),
        ("use", "autre"),
        ("show", "../../etc/passwd"),
        ("show", "un"),
        ("show", "un", "--domain", "x"),
        ("show", "un", "--domain", "autre.test"),
        ("create", "--selector", "un"),
    ],
)
def test_what_cannot_be_done_is_said(arguments):
    make("un")
    make("un", "ailleurs.test")
    with pytest.raises(CommandError):
        dkim(*arguments)


def test_a_domain_tells_which_of_two_is_meant():
    make("un")
    key = make("un", "ailleurs.test")
    assert key.record_name in dkim("show", "un", "--domain", "ailleurs.test")


def test_a_folder_that_is_none_or_holds_rubbish_is_named(folder):
    folder.mkdir(parents=True)
    (folder / f"un._domainkey.{DOMAIN}.pem").write_bytes(b"x")
    (folder / "notes.txt").write_bytes(b"x")
    with pytest.raises(CommandError, match=re.escape(str(folder))):
        dkim("list")


def test_a_file_in_place_of_the_folder_is_named(folder):
    folder.write_text("x")
    assert dkim_keys.in_use() == {}
    with pytest.raises(CommandError, match=re.escape(str(folder))):
        dkim("create")
