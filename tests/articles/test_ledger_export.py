"""The ledger as data: what the desk read, what people made of it, and nobody's name."""

import json

import pytest
from django.core.management import CommandError, call_command

from depeche.articles import actions, answers, gatekeeping
from depeche.articles.exporting import ledger_of
from depeche.articles.models import Article

pytestmark = pytest.mark.django_db

BODY = [
    ("paragraph", "<p>Selon la préfecture, 4 200 véhicules empruntent le pont chaque jour.</p>"),
    ("paragraph", "<p>Le maire aurait exercé des pressions sur son adjoint, et il sera battu.</p>"),
    ("paragraph", "<p>Le pont fermera mardi 3 mars.</p>"),
]


@pytest.fixture
def draft(write):
    return write("Le pont de Sermont fermera", published=False, body=BODY)


@pytest.fixture
def second(django_user_model):
    return django_user_model.objects.create_superuser(
        "tessier", "tessier@depeche.test", "un long mot de passe"
    )


def newest(article: Article) -> dict:
    return next(text for text in ledger_of(article)["texts"] if text["is_newest"])


def reading(article: Article):
    return gatekeeping.reading_of(article.get_latest_revision_as_object())


def test_a_claim_comes_with_its_words_source_cue_and_degree(draft):
    text = newest(draft)
    claim = next(claim for claim in text["claims"] if "véhicules" in claim["words"])
    assert claim["sentence"] == "Selon la préfecture, 4 200 véhicules empruntent le pont chaque jour."
    assert (claim["source"], claim["cue"]) == ("la préfecture", "Selon")
    assert {"voice", "degree", "status", "type", "checkable", "quality"} <= set(claim)
    zone = text["zones"][claim["zone"]]
    assert zone["text"][claim["start"] : claim["end"]] == claim["words"]
    assert text["desk"]


def test_what_a_person_ruled_and_what_it_rests_on_stand_by_the_claim(draft, editor):
    claim = reading(draft).claims[-1]
    answers.rule(draft, claim, verdict="source", source="la mairie", by=editor)
    record = {"who": "Mairie de Sermont", "kind": "document", "link": "https://sermont.example/arrete"}
    answers.add_evidence(draft, claim, record=record, by=editor)
    found = next(one for one in newest(draft)["claims"] if one["key"] == claim.key)
    assert found["ruling"] == {"verdict": "source", "source": "la mairie"}
    assert [(row["who"], row["link"]) for row in found["evidence"]] == [(record["who"], record["link"])]


def test_each_finding_tells_how_it_stands_and_by_how_many(draft, editor, second):
    findings = {finding.severity: finding for finding in reading(draft).findings}
    answers.dismiss(draft, findings["warning"], reason="La préfète l’a écrit.", by=editor)
    override = answers.dismiss(draft, findings["error"], reason="Deux témoins.", by=editor)
    states = {finding["key"]: finding for finding in newest(draft)["findings"]}
    dismissed, pending = states[findings["warning"].key], states[findings["error"].key]
    assert (dismissed["state"], dismissed["answered_by"]) == ("dismissed", "one")
    assert (pending["state"], pending["reason"]) == ("pending", "Deux témoins.")
    answers.second(override, by=second)
    overridden = next(one for one in newest(draft)["findings"] if one["key"] == findings["error"].key)
    assert (overridden["state"], overridden["answered_by"]) == ("overridden", "two")


def test_an_answer_taken_back_is_left_out(draft, editor):
    finding = reading(draft).findings[0]
    answers.take_back(answers.dismiss(draft, finding, reason="Non.", by=editor), by=editor)
    assert all("reason" not in one for one in newest(draft)["findings"])


def test_what_was_said_of_words_that_went_is_kept(draft, editor):
    claim = next(claim for claim in reading(draft).claims if "véhicules" in claim.place.words)
    answers.rule(draft, claim, verdict="not_a_claim", by=editor)
    draft.body = BODY[2:]
    draft.save_revision(user=editor)
    (ruling,) = ledger_of(draft)["of_words_gone"]["rulings"]
    assert (ruling["verdict"], ruling["engine_said"]["sentence"]) == ("not_a_claim", claim.sentence)


def test_texts_that_readers_had_come_along(write, editor):
    article = write("Le pont de Sermont fermera", body=BODY[2:])
    article.body = BODY[::2]
    article.save_revision(user=editor)
    texts = ledger_of(article)["texts"]
    assert [(text["is_newest"], text["is_published"]) for text in texts] == [(True, False), (False, True)]
    actions.publish(article, by=editor)
    texts = ledger_of(article)["texts"]
    assert [(text["is_newest"], text["is_published"]) for text in texts] == [(True, True), (False, True)]


def test_no_colleague_is_named(draft, editor, second):
    claim, finding = reading(draft).claims[0], reading(draft).findings[0]
    answers.rule(draft, claim, verdict="observed", by=second)
    answers.dismiss(draft, finding, reason="Vu sur place.", by=second)
    answers.ask_for_anonymity(draft, words="un adjoint", reason="Il risque son poste.", by=second)
    exported = json.dumps(ledger_of(draft))
    assert all(name not in exported for name in ("tessier", "morel", "risque son poste"))


def test_a_language_the_desk_does_not_read_is_said_to_be_unread(draft):
    from wagtail.models import Locale

    Article.objects.filter(pk=draft.pk).update(locale=Locale.objects.get_or_create(language_code="de")[0])
    text = newest(Article.objects.get(pk=draft.pk))
    assert (text["is_read"], text["claims"]) == (False, [])


def test_the_editor_downloads_it(draft, client, editor):
    client.force_login(editor)
    answer = client.get(f"/admin/articles/{draft.pk}/ledger.json")
    assert answer["Content-Disposition"] == 'attachment; filename="le-pont-de-sermont-fermera-ledger.json"'
    assert answer.json()["article"] == draft.pk


def test_who_may_not_edit_does_not_get_it(draft, client, django_user_model):
    from django.contrib.auth.models import Permission

    outsider = django_user_model.objects.create_user("x", "x@depeche.test", "un long mot de passe")
    outsider.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(outsider)
    assert client.get(f"/admin/articles/{draft.pk}/ledger.json").status_code in (302, 403)
    assert "attachment" not in client.get(f"/admin/articles/{draft.pk}/ledger.json").get(
        "Content-Disposition", ""
    )


def test_the_command_writes_one_line_for_each_article(draft, write, capsys):
    other = write("Le théâtre rouvre", published=False)
    call_command("ledger")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["article"] for line in lines] == [draft.pk, other.pk]
    call_command("ledger", "--article", str(other.pk))
    assert json.loads(capsys.readouterr().out)["headline"] == "Le théâtre rouvre"


def test_since_a_day_means_saved_or_answered_since(draft, editor, time_machine, capsys):
    claim = reading(draft).claims[0]
    call_command("ledger", "--since", "2100-01-01")
    assert capsys.readouterr().out == ""
    time_machine.move_to("2100-01-02 12:00:00Z")
    answers.rule(draft, claim, verdict="observed", by=editor)
    call_command("ledger", "--since", "2100-01-01", "--article", str(draft.pk))
    assert json.loads(capsys.readouterr().out)["article"] == draft.pk


def test_an_article_that_cannot_be_written_stops_no_other(draft, write, capsys):
    bad = write("Le mauvais", published=False).get_latest_revision()
    bad.content["bylines"] = ["no byline"]
    bad.save()
    with pytest.raises(SystemExit) as ended:
        call_command("ledger", "--article", "999999", "--article", bad.object_id, "--article", str(draft.pk))
    out, err = capsys.readouterr()
    assert ended.value.code == 1
    assert json.loads(out)["article"] == draft.pk
    assert err.splitlines() == [
        "Il n’y a pas d’article 999999.",
        f"Article {bad.object_id} : sa dernière version ne peut pas être lue.",
    ]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--since", "hier"], "« hier » n’est pas une date : écrivez-la comme 2026-03-12."),
        (["--article", "pont"], "« pont » n’est pas un article : donnez son numéro"),
    ],
)
def test_what_was_typed_wrong_is_said_in_plain_words(db, arguments, says):
    with pytest.raises(CommandError, match=says) as refused:
        call_command("ledger", *arguments)
    assert refused.value.returncode == 2
