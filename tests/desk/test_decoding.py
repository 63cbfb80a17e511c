"""Bytes become the text they were, or are refused."""

import pytest

from depeche.desk.decoding import decode, printable
from depeche.desk.spans import UnreadableSource

pytestmark = pytest.mark.any_database

FRENCH = "À l’été, l’élue de Saint-Barthélemy a déjà reçu 12 000 € : « Ça suffit », dit-elle. Où est le cœur ? – Là."
PLAIN_FRENCH = "Le maire a confirmé la décision. Le conseil s'est réuni à Orléans, où l'on a voté une aide."
LATIN_9 = "Le cœur de l'œuvre coûte 30 € à l'Élysée"


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
        ("cp1252", "windows-1252"),
        ("mac-roman", "macintosh"),
    ],
)
def test_french_is_recognised_in_every_encoding_it_comes_in(encoding, name):
    assert decode(FRENCH.encode(encoding)) == (FRENCH, name)


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "iso-8859-15", "mac-roman", "cp850"])
def test_plain_french_letters_are_recognised_in_every_old_encoding(encoding):
    assert decode(PLAIN_FRENCH.encode(encoding)).text == PLAIN_FRENCH


def test_latin_9_is_told_from_windows_1252_by_its_euro_and_ligature():
    assert decode(LATIN_9.encode("iso-8859-15")) == (LATIN_9, "iso-8859-15")
    assert decode(LATIN_9.encode("cp1252")) == (LATIN_9, "windows-1252")


@pytest.mark.parametrize(
    "text",
    [
        "Un seul café ici",
        "ÉLECTIONS À ÉVREUX : RÉSULTATS",
        "Élise est là",
        "Die Straße ist über Nacht für Fußgänger geöffnet",
        "He said “it’s fine” – a £5 fee",
        "El niño comió mañana en España, ¿verdad?",
        "Lyon–Turin : le tunnel avance",
        "La loi créée en 2020",
    ],
)
def test_short_texts_in_windows_1252_are_recognised(text):
    assert decode(text.encode("cp1252")) == (text, "windows-1252")


def test_a_declared_encoding_is_believed_where_the_bytes_bear_it_out():
    russian = "Совет проголосовал за открытие моста"
    assert decode(russian.encode("koi8-r"), declared="KOI8-R") == (russian, "koi8-r")


def test_a_page_may_declare_its_encoding_itself():
    page = '<html><head><meta charset="iso-8859-2"></head><p>Zażółć gęślą jaźń</p>'
    assert decode(page.encode("iso-8859-2")) == (page, "iso8859-2")


def test_valid_utf_8_wins_over_a_wrong_declaration():
    assert decode(FRENCH.encode(), declared="iso-8859-1") == (FRENCH, "utf-8")


def test_latin_1_is_read_as_windows_1252_as_browsers_do():
    assert decode(FRENCH.encode("cp1252"), declared="ISO-8859-1") == (FRENCH, "windows-1252")


def test_a_declaration_that_makes_no_words_is_not_believed():
    assert decode(PLAIN_FRENCH.encode("mac-roman"), declared="windows-1252").text == PLAIN_FRENCH


@pytest.mark.parametrize("declared", ["utf-7", "rot13", "unicode_escape", "no-such-thing", "", "zlib"])
def test_a_dangerous_or_unknown_declaration_is_ignored(declared):
    assert decode(PLAIN_FRENCH.encode("latin-1"), declared=declared).text == PLAIN_FRENCH


@pytest.mark.parametrize(
    "source",
    [
        FRENCH.encode()[:40] + b"\xff" + FRENCH.encode()[40:],
        FRENCH.encode() * 20 + b"\xc3",
        bytes(range(128, 256)) * 3,
        b"abc\x81\x8d\x8f def",
        b"\xef\xbb\xbfcaf\xe9",
        b"\xff\xfea",
    ],
)
def test_what_reads_like_no_words_is_refused(source):
    with pytest.raises(UnreadableSource, match="save it as UTF-8") as caught:
        decode(source, name="notes.txt")
    assert caught.value.code == "encoding"


@pytest.mark.parametrize(
    ("start", "found"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"PK\x03\x04\x14\x00", "Word or ZIP"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"GIF89a", "GIF"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"{\\rtf1 texte", "RTF"),
    ],
)
def test_known_files_are_named_and_the_way_out_is_told(start, found):
    with pytest.raises(UnreadableSource, match="save it as text, Markdown or HTML") as caught:
        decode(start + b"abc", name="article.docx")
    assert (caught.value.code, caught.value.found) == ("binary", found)
    assert found in str(caught.value)
    assert "article.docx" in str(caught.value)


def test_a_few_stray_control_characters_are_no_binary_file():
    assert decode(b"Le pont\x07 rouvre\x1b").text == "Le pont\x07 rouvre\x1b"


def test_printable_text_has_the_same_length():
    given = "\ufeffa\x00b\x0bc\x0cd\x85e\x9ff\ud800\n\u200b\u200b\ng\u200bh\r\n"
    assert printable(given) == " a b\nc\nd\ne f\ufffd\n  \ng\u200bh\r\n"
    assert len(printable(given)) == len(given)
