"""Whoever writes does not publish alone, by whichever road."""

from dataclasses import dataclass

from depeche.articles.four_eyes import Reason, refusal


@dataclass(frozen=True)
class Version:
    by: str | None
    digest: str


def asked(*versions: tuple[str, str], signed_by=(), published=None):
    return refusal(
        "paul",
        signed_by=signed_by,
        published_digest=published,
        versions=[Version(by, digest) for by, digest in versions],
    )


def test_who_wrote_it_alone_does_not_publish_it():
    assert asked(("paul", "a"), ("paul", "b")) is Reason.WROTE_ALONE


def test_who_signs_it_does_not_publish_it_whoever_wrote_last():
    assert asked(("camille", "a"), signed_by={"paul"}) is Reason.SIGNS


def test_what_another_wrote_may_be_published():
    assert asked(("camille", "a")) is None


def test_correcting_what_another_wrote_is_not_writing_alone():
    assert asked(("camille", "a"), ("paul", "b")) is None


def test_saving_without_a_change_is_not_writing():
    assert asked(("paul", "a"), ("camille", "a")) is Reason.WROTE_ALONE
    assert asked(("camille", "a"), ("paul", "a")) is None


def test_a_correction_after_publication_needs_a_second_person_too():
    assert asked(("paul", "b"), published="a") is Reason.WROTE_ALONE
    assert asked(("camille", "b"), ("paul", "b"), published="a") is None


def test_publishing_again_what_readers_have_is_open_to_anybody():
    assert asked(("paul", "a"), published="a") is None


def test_an_imported_text_was_written_by_another():
    assert refusal("paul", signed_by=(), published_digest=None, versions=[Version(None, "a")]) is None
