"""By whatever road an article goes to readers, it meets the gate; a refusal loses no draft."""

import datetime as dt
import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.models import PageLogEntry

from depeche import facts
from depeche.articles import actions, analysis, answers, auditing, gatekeeping, scheduling
from depeche.articles.gatekeeping import GateClosed
from depeche.articles.models import (
    Article,
    Clearance,
    Dismissal,
    GateRule,
    PublishingRules,
    SlippedPast,
    StoredReading,
)

pytestmark = pytest.mark.django_db

SOUND = "<p>Le concert a réuni 4 000 personnes samedi, selon la préfecture.</p>"
FAULTY = SOUND + SOUND.replace("4 000", "6 000")
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def paul(publisher):
    return publisher("paul")


@pytest.fixture
def anne(publisher):
    return publisher("anne")


@pytest.fixture
def faulty(write):
    """A draft whose two figures disagree: an error."""

    def _faulty(headline: str = "Foule au concert"):
        return write(headline, published=False, body=[("paragraph", FAULTY)])

    return _faulty


@pytest.fixture
def sound(write):
    return lambda headline="Le marché rouvre": write(headline, published=False, body=[("paragraph", SOUND)])


def is_live(article) -> bool:
    return Article.objects.get(pk=article.pk).live


def latest(article):
    return Article.objects.get(pk=article.pk).get_latest_revision_as_object()


def override(article, by, second_by) -> None:
    draft = article.get_latest_revision_as_object()
    with pytest.raises(GateClosed) as closed:
        gatekeeping.clear(draft)
    answers.override_all(
        article, closed.value.examination, reason="Deux bilans successifs.", by=by, second_by=second_by
    )


def test_the_action_refuses_and_says_what_to_do(faulty, paul):
    article = faulty()
    with pytest.raises(GateClosed) as closed:
        actions.publish(article, by=paul)
    assert "« Foule au concert » n’est pas publié" in str(closed.value)
    assert "6 000 personnes" in str(closed.value)
    assert "Constats" in str(closed.value)
    assert not is_live(article)


def test_once_mended_it_is_published(faulty, paul):
    article = faulty()
    article.body = [("paragraph", SOUND)]
    article.save_revision(user=paul)
    actions.publish(article, by=paul)
    assert is_live(article)


def test_two_people_override_an_error_and_it_is_on_record(faulty, paul, anne):
    article = faulty()
    override(article, paul, anne)
    actions.publish(article, by=paul)
    assert is_live(article)
    assert [code for code, _words in Clearance.objects.get().overridden] == ["NUM001"]
    said = {entry.action: entry.user for entry in PageLogEntry.objects.filter(action__startswith="depeche.")}
    assert said == {"depeche.dismiss": paul, "depeche.second": anne}


def test_nobody_is_their_own_second_person(faulty, paul, django_user_model):
    article = faulty()
    with pytest.raises(answers.Refused, match="seconde personne"):
        override(article, paul, paul)
    assert not Dismissal.objects.exists()
    stranger = django_user_model.objects.create_user("stagiaire", "s@depeche.test", "un long mot de passe")
    with pytest.raises(answers.Refused):
        override(article, paul, stranger)


def test_an_override_taken_back_stops_it_again(faulty, paul, anne):
    article = faulty()
    override(article, paul, anne)
    answers.take_back(Dismissal.objects.get(), by=anne)
    with pytest.raises(GateClosed):
        actions.publish(article, by=paul)


def test_an_override_dies_with_its_sentence_and_survives_the_others(faulty, paul, anne):
    article = faulty()
    override(article, paul, anne)
    article.body = [("paragraph", FAULTY + "<p>La route a rouvert mercredi, selon la préfecture.</p>")]
    article.save_revision(user=paul)
    gatekeeping.clear(article.get_latest_revision_as_object())
    article.body = [("paragraph", FAULTY.replace("6 000", "7 000"))]
    article.save_revision(user=paul)
    with pytest.raises(GateClosed):
        gatekeeping.clear(article.get_latest_revision_as_object())


def test_the_button_refuses_and_keeps_what_was_typed(faulty, sound, paul, client, form):
    article = sound()
    client.force_login(paul)
    typed = body(FAULTY)
    answer = client.post(
        f"/admin/pages/{article.pk}/edit/",
        form(article, **typed, standfirst="Tapé à l’instant.", **{"action-publish": "1"}),
        follow=True,
    )
    assert "n’est pas publié" in answer.content.decode().replace("\u00a0", " ")
    assert not is_live(article)
    assert latest(article).standfirst == "Tapé à l’instant."


def body(*paragraphs: str) -> dict[str, str]:
    """The fields of a body of paragraphs, as the editor's form sends them."""
    from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

    converter = ContentstateConverter(["bold", "italic", "link"])
    fields = {"body-count": str(len(paragraphs))}
    for number, paragraph in enumerate(paragraphs):
        fields |= {
            f"body-{number}-type": "paragraph",
            f"body-{number}-order": str(number),
            f"body-{number}-deleted": "",
            f"body-{number}-value": converter.from_database_format(paragraph),
        }
    return fields


def test_a_new_article_published_at_one_stroke_is_kept_as_a_draft(section, paul, client, form):
    client.force_login(paul)
    new = Article(title="D’un trait", slug="d-un-trait", locale=section.locale)
    answer = client.post(
        f"/admin/pages/add/articles/article/{section.pk}/",
        form(new, **body(FAULTY), **{"action-publish": "1"}),
        follow=True,
    )
    assert "n’est pas publié" in answer.content.decode().replace("\u00a0", " ")
    article = Article.objects.get(slug="d-un-trait")
    assert not article.live
    assert "6 000 personnes" in str(article.body.get_prep_value())


def test_of_many_published_at_once_only_the_faulty_one_stays(faulty, sound, paul, client):
    batch = [sound("Le premier"), faulty("Le mauvais"), sound("Le troisième")]
    client.force_login(paul)
    ids = "&".join(f"id={article.pk}" for article in batch)
    answer = client.post(f"/admin/bulk/wagtailcore/page/publish/?{ids}&next=/admin/", follow=True)
    assert [is_live(article) for article in batch] == [True, False, True]
    said = answer.content.decode().replace("\u00a0", " ")
    assert "« Le mauvais » n’est pas publié" in said
    assert "2 pages ont été publiées" in said


def test_publishing_a_section_with_its_drafts_meets_the_gate_too(section, faulty, sound, paul, client):
    drafts = [sound("Le premier"), faulty("Le mauvais")]
    client.force_login(paul)
    url = f"/admin/bulk/wagtailcore/page/publish/?id={section.pk}&next=/admin/"
    client.post(url, {"include_descendants": "on"}, follow=True)
    assert [is_live(article) for article in drafts] == [True, False]


def test_the_last_approval_of_a_workflow_is_refused_as_a_whole(faulty, paul, anne, client, form):
    article = faulty()
    article.get_workflow().start(article, paul)
    state = article.current_workflow_task_state
    state.task.specific.on_action(state, anne, "approve")
    article.refresh_from_db()
    client.force_login(anne)
    answer = client.post(
        f"/admin/pages/{article.pk}/edit/",
        form(
            article,
            **body(FAULTY),
            **{"action-workflow-action": "1", "workflow-action-name": "approve"},
        ),
        follow=True,
    )
    assert "n’est pas publié" in answer.content.decode().replace("\u00a0", " ")
    assert not is_live(article)
    article.refresh_from_db()
    assert article.workflow_in_progress, "nothing of the approval stays"


def test_the_dialogue_of_a_workflow_answers_in_its_own_way(faulty, paul, anne, client):
    article = faulty()
    article.get_workflow().start(article, paul)
    state = article.current_workflow_task_state
    state.task.specific.on_action(state, anne, "approve")
    article.refresh_from_db()
    state = article.current_workflow_task_state
    client.force_login(anne)
    answer = client.post(
        f"/admin/pages/workflow/action/{article.pk}/approve/{state.pk}/",
        headers={"X-Requested-With": "XMLHttpRequest"},
    )
    assert answer.status_code == 200
    assert json.loads(answer.content)["redirect"].endswith(f"/pages/{article.pk}/edit/")
    assert not is_live(article)


def test_a_schedule_is_refused_when_it_is_set(faulty, paul):
    article = faulty()
    article.go_live_at = timezone.now() + MINUTE
    revision = article.save_revision(user=paul)
    with pytest.raises(GateClosed):
        revision.publish(user=paul)
    revision.refresh_from_db()
    assert revision.approved_go_live_at is None


@pytest.fixture
def due(faulty, sound, paul, anne):
    """Three articles due now; the override of the second was taken back since it was scheduled."""
    batch = [sound("Le premier"), faulty("Le mauvais"), sound("Le troisième")]
    override(batch[1], paul, anne)
    for article in batch:
        article.go_live_at = timezone.now() + MINUTE
        article.save_revision(user=paul).publish(user=paul)
    answers.take_back(Dismissal.objects.get(), by=anne)
    return batch


def two_minutes_on(monkeypatch) -> None:
    later = timezone.now() + 2 * MINUTE
    monkeypatch.setattr(timezone, "now", lambda: later)


def test_when_it_is_due_one_that_may_not_go_stops_no_other(due, monkeypatch):
    two_minutes_on(monkeypatch)
    missed = scheduling.publish_due()
    assert [is_live(article) for article in due] == [True, False, True]
    assert [row.title for row in missed] == ["Le mauvais"]
    assert "6 000 personnes" in missed[0].reason
    assert "GateClosed" not in missed[0].reason


def test_wagtails_command_publishes_the_others_too(due, monkeypatch):
    two_minutes_on(monkeypatch)
    errors = io.StringIO()
    call_command("publish_scheduled", stderr=errors)
    assert [is_live(article) for article in due] == [True, False, True]
    assert "Le mauvais" in errors.getvalue()


@pytest.mark.parametrize(
    "road",
    [
        lambda revision: revision.publish(),
        lambda revision: PublishPageRevisionAction(revision).execute(skip_permission_checks=True),
        lambda revision: save_as_live(revision.as_object()),
    ],
    ids=["Revision.publish", "PublishPageRevisionAction", "save"],
)
def test_no_road_in_code_slips_past(faulty, road):
    article = faulty()
    with pytest.raises(GateClosed):
        road(article.get_latest_revision())
    assert not is_live(article)


def save_as_live(article) -> None:
    article.live = True
    article.save()


def test_a_copy_published_with_its_original_meets_the_gate(faulty, paul, anne, section):
    article = faulty()
    override(article, paul, anne)
    actions.publish(article, by=paul)
    with pytest.raises(GateClosed):
        Article.objects.get(pk=article.pk).copy(update_attrs={"slug": "copie"}, keep_live=True, user=paul)
    assert not Article.objects.filter(slug="copie").exists()


def test_what_readers_have_can_be_saved_again_whatever_the_gate_thinks_now(sound, paul):
    article = sound()
    actions.publish(article, by=paul)
    rules = PublishingRules.load()
    rules.gate_rules.add(GateRule(kind="", most_unattributed_percent=0, stops_at="warning"))
    rules.save()
    live = Article.objects.get(pk=article.pk)
    live.slug = "autre-adresse"
    live.save()


def test_saving_a_draft_of_a_live_article_asks_nothing(sound, paul):
    article = sound()
    actions.publish(article, by=paul)
    article.refresh_from_db()
    article.body = [("paragraph", FAULTY)]
    article.save_revision(user=paul)
    assert "6 000 personnes" in str(latest(article).body.get_prep_value())
    assert "6 000 personnes" not in str(Article.objects.get(pk=article.pk).body.get_prep_value())


def test_ai_use_added_to_unchanged_words_is_asked_about(sound, paul):
    article = sound()
    actions.publish(article, by=paul)
    article.refresh_from_db()
    article.ai_use = "generated"
    article.save_revision(user=paul)
    with pytest.raises(GateClosed, match="IA"):
        actions.publish(article, by=paul)
    article.ai_note = "Le tableau a été dressé par une machine, puis vérifié."
    article.save_revision(user=paul)
    actions.publish(article, by=paul)


@pytest.fixture
def no_desk(monkeypatch):
    """The desk process does not answer."""

    def unreachable(*args, **kwargs):
        raise analysis.DeskUnreachable("no answer")

    monkeypatch.setattr(analysis, "read", unreachable)


def test_without_the_desk_nothing_is_published_and_the_reason_is_plain(sound, paul, no_desk):
    article = sound()
    with pytest.raises(GateClosed, match="ne répond pas") as closed:
        actions.publish(article, by=paul)
    assert "brouillon est conservé" in str(closed.value)
    assert not is_live(article)


def test_a_stored_reading_of_exactly_these_words_is_enough(sound, paul, monkeypatch):
    article = sound()
    gatekeeping.reading_of(article.get_latest_revision_as_object())
    monkeypatch.setattr(analysis, "read", lambda *args, **kwargs: pytest.fail("it was read already"))
    actions.publish(article, by=paul)
    assert is_live(article)


def test_the_reading_of_an_older_desk_is_not(sound, paul):
    article = sound()
    gatekeeping.reading_of(article.get_latest_revision_as_object())
    StoredReading.objects.update(desk="an older one")
    actions.publish(article, by=paul)
    assert StoredReading.objects.get().desk == analysis.desk_version()


def test_no_reading_is_made_inside_a_transaction(sound, faulty, paul, monkeypatch, client, form):
    """On SQLite one reading would keep all others from writing."""
    from django.db import connection

    depth = len(connection.savepoint_ids)  # a test has its own
    read = analysis.read

    def outside_only(*args, **kwargs):
        assert len(connection.savepoint_ids) == depth
        return read(*args, **kwargs)

    monkeypatch.setattr(analysis, "read", outside_only)
    actions.publish(sound("Le premier"), by=paul)
    second = sound("Le deuxième")
    client.force_login(paul)
    client.post(f"/admin/pages/{second.pk}/edit/", form(second, **body(SOUND), **{"action-publish": "1"}))
    third = sound("Le troisième")
    client.post(f"/admin/bulk/wagtailcore/page/publish/?id={third.pk}&next=/admin/")
    fourth = sound("Le quatrième")
    fourth.go_live_at = timezone.now() + MINUTE
    fourth.save_revision(user=paul).publish(user=paul)
    StoredReading.objects.filter(article=fourth).delete()
    two_minutes_on(monkeypatch)
    scheduling.publish_due()
    assert all(is_live(article) for article in (second, third, fourth))


# --- The import ------------------------------------------------------------------------------


@pytest.fixture
def faulty_file(tmp_path):
    path = tmp_path / "faux.txt"
    path.write_text(
        "Foule au concert\n\nLa mairie l’a annoncé lundi.\n\n"
        "Le concert a réuni 4 000 personnes samedi, selon la préfecture.\n\n"
        "Le concert a réuni 6 000 personnes samedi, selon la préfecture.\n"
    )
    return str(path)


def run(*arguments: str) -> tuple[int, str]:
    errors, code = io.StringIO(), 0
    try:
        call_command("import_articles", *arguments, stdout=io.StringIO(), stderr=errors)
    except SystemExit as ended:
        code = ended.code
    return code, errors.getvalue()


def test_an_import_keeps_the_draft_and_says_why_it_is_not_published(section, faulty_file, paul):
    code, said = run(faulty_file, "--publish", "--by", "paul")
    assert code == 1
    assert "6 000 personnes" in said
    assert "--override" in said
    assert not Article.objects.get().live


def test_the_command_line_overrides_with_a_second_person(section, faulty_file, paul, anne):
    arguments = (faulty_file, "--publish", "--by", "paul", "--override", "Bilan revu.", "--second", "anne")
    assert run(*arguments) == (0, "")
    assert Article.objects.get().live
    dismissal = Dismissal.objects.get()
    assert (dismissal.by, dismissal.seconded_by, dismissal.reason) == (paul, anne, "Bilan revu.")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--publish", "--by", "paul", "--override", "Bilan revu."),
        ("--publish", "--by", "paul", "--second", "anne"),
        ("--override", "Bilan revu.", "--second", "anne"),
        ("--publish", "--by", "paul", "--override", "Bilan revu.", "--second", "paul"),
    ],
    ids=["no second", "no reason", "nothing to publish", "the same person"],
)
def test_half_an_override_is_refused_before_anything_is_read(section, faulty_file, paul, anne, arguments):
    with pytest.raises(CommandError):
        run(faulty_file, *arguments)
    assert not Article.objects.exists()


# --- The audit -------------------------------------------------------------------------------


@pytest.fixture
def told():
    heard: list = []
    facts.on(facts.SlippedPastTheGate, heard.append)
    yield heard
    facts._handlers[facts.SlippedPastTheGate].remove(heard.append)


def slip(article) -> None:
    """What no guard sees: words changed in the database itself."""
    article.body = [("paragraph", FAULTY)]
    Article.objects.filter(pk=article.pk).update(body=article.body)


def test_the_audit_finds_what_got_past_and_tells_once(sound, paul, told, django_capture_on_commit_callbacks):
    article = sound()
    actions.publish(article, by=paul)
    assert auditing.audit() == []
    slip(article)
    with django_capture_on_commit_callbacks(execute=True):
        found = auditing.audit()
    assert [row.article_id for row in found] == [article.pk]
    assert found[0].stopping[0][0] == "NUM001"
    with django_capture_on_commit_callbacks(execute=True):
        auditing.audit()
    assert [fact.article_id for fact in told] == [article.pk]


def test_what_is_mended_is_no_longer_reported(sound, paul):
    article = sound()
    actions.publish(article, by=paul)
    slip(article)
    auditing.audit()
    article.refresh_from_db()
    article.body = [("paragraph", SOUND)]
    article.save_revision(user=paul)
    actions.publish(article, by=paul)
    assert auditing.audit() == []
    assert not SlippedPast.objects.exists()


def test_an_article_from_before_the_gate_is_read_once(sound, paul, monkeypatch):
    article = sound()
    actions.publish(article, by=paul)
    Clearance.objects.all().delete()
    assert auditing.audit() == []
    assert Clearance.objects.count() == 1
    monkeypatch.setattr(analysis, "read", lambda *args, **kwargs: pytest.fail("it was read already"))
    auditing.audit()


def test_the_publishers_are_written_to_and_see_it_on_their_desk(
    sound, paul, client, mailroom, django_capture_on_commit_callbacks
):
    article = sound()
    actions.publish(article, by=paul)
    slip(article)
    with django_capture_on_commit_callbacks(execute=True):
        auditing.audit()
    letters = [letter for letter in mailroom.deliver() if letter["To"] == "paul@depeche.test"]
    assert str(letters[-1]["Subject"]).strip() == "Publié sans l’aval du desk : Le marché rouvre"
    assert "6 000 personnes" in letters[-1].get_content()
    client.force_login(paul)
    assert "NUM001" in client.get("/admin/").content.decode()
