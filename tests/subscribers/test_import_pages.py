"""A file of subscribers in the browser: tried out, entered behind a second button, deleted afterwards."""

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from depeche.subscribers import import_runs, importing, tasks, uploads
from depeche.subscribers.models import ImportRun, Subscriber, Subscription

pytestmark = pytest.mark.django_db

HEADER = "address,basis,agreed_at,source,proof\n"


def lines(count):
    return HEADER + "".join(
        f"lecteur{number}@exemple.test,consent,2024-05-02,Salon,Bulletin {number}\n"
        for number in range(count)
    )


@pytest.fixture(autouse=True)
def queue(settings, tmp_path, monkeypatch):
    """What the worker has to do; a folder of this test's own."""
    settings.IMPORTS_FOLDER = tmp_path / "imports"
    waiting = []
    monkeypatch.setattr(tasks, "move_import", waiting.append)
    return waiting


@pytest.fixture
def work(queue):
    """Be the worker until nothing is left to do."""

    def _work():
        while queue:
            run = queue.pop(0)
            if import_runs.move(run):
                queue.append(run)

    return _work


@pytest.fixture
def send(client, editor, newsletter, django_capture_on_commit_callbacks):
    client.force_login(editor)

    def _send(text):
        content = text if isinstance(text, bytes) else text.encode()
        file = SimpleUploadedFile("lecteurs.csv", content)
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(reverse("importrun:add"), {"newsletter": newsletter.pk, "file": file})

    return _send


@pytest.fixture
def press(client, django_capture_on_commit_callbacks):
    def _press(run, button):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(reverse("importrun:inspect", args=[run.pk]), {button: "1"}, follow=True)

    return _press


def files(settings):
    return list(settings.IMPORTS_FOLDER.iterdir()) if settings.IMPORTS_FOLDER.exists() else []


def test_a_file_is_tried_out_then_entered_then_deleted(client, send, press, work, queue, settings):
    answer = send(lines(12) + "x,consent,2024-05-02,Salon,Bulletin\n")
    trial = ImportRun.objects.get()
    assert answer.url == reverse("importrun:inspect", args=[trial.pk])
    page = client.get(answer.url).content.decode()
    assert '<meta http-equiv="refresh"' in page
    assert 'name="enter"' not in page
    work()
    page = client.get(answer.url).content.decode()
    assert '<meta http-equiv="refresh"' not in page
    assert 'name="enter"' in page
    assert re.search(r"<li>[^<]*14[^<]*address", page)
    assert not Subscriber.objects.exists()

    press(trial, "enter")
    work()
    run = ImportRun.objects.get(is_trial=False)
    assert (run.entered, run.refused, bool(run.finished_at)) == (12, 1, True)
    assert Subscription.objects.confirmed().count() == 12
    assert files(settings) == []
    assert client.get(reverse("importrun:inspect", args=[run.pk])).status_code == 200
    assert "lecteurs.csv" in client.get(reverse("importrun:index")).content.decode()


def test_the_worker_goes_on_in_pieces_also_after_it_died(send, press, work, queue, monkeypatch):
    monkeypatch.setattr(import_runs, "BATCHES_AT_ONCE", 1)
    send(lines(1200) + lines(3).partition("\n")[2])
    trial = ImportRun.objects.get()
    assert import_runs.move(trial.pk)
    queue.clear()  # the worker died
    assert import_runs.stuck() == []
    assert import_runs.stuck(at=timezone.now() + import_runs.STUCK * 2) == [trial.pk]
    queue.append(trial.pk)
    work()
    trial.refresh_from_db()
    assert (trial.entered, trial.known, trial.lines_done) == (1200, 3, 1204)
    press(trial, "enter")
    run = ImportRun.objects.get(is_trial=False)
    assert import_runs.move(run.pk)
    run.refresh_from_db()
    assert run.entered == 500
    work()
    run.refresh_from_db()
    assert (run.entered, run.known) == (1200, 3)


def test_nothing_is_kept_of_a_file_that_is_refused(send, settings):
    for content in (b"", b"PK\x03\x04" + b"\0" * 99, HEADER.encode(), b"address,basis,agreed_at\na,b,c\n"):
        answer = send(content)
        assert answer.status_code == 200
        assert answer.context["form"].errors["file"]
        assert "error-message" in answer.content.decode()
    assert not ImportRun.objects.exists()
    assert files(settings) == []


def test_a_file_that_is_too_large_is_refused(send, monkeypatch, settings):
    monkeypatch.setattr(uploads, "MOST_MB", 0)
    assert "error-message" in send(lines(1)).content.decode()
    assert files(settings) == []


def test_no_cell_of_the_file_stands_in_the_page(client, send, work):
    send(HEADER + "<script>alert(1)</script>,consent,2024-05-02,Salon,Bulletin\n")
    work()
    page = client.get(reverse("importrun:inspect", args=[ImportRun.objects.get().pk])).content.decode()
    assert "alert(1)" not in page


def test_a_trial_can_be_discarded_and_is_not_entered_then(send, press, work, settings):
    send(lines(2))
    work()
    trial = ImportRun.objects.get()
    press(trial, "discard")
    assert files(settings) == []
    press(trial, "enter")
    assert ImportRun.objects.get() == trial
    assert not Subscriber.objects.exists()


def test_a_trial_that_is_not_over_is_not_entered(send, press):
    send(lines(2))
    press(ImportRun.objects.get(), "enter")
    assert ImportRun.objects.count() == 1


def test_a_trial_is_entered_once(send, press, work):
    send(lines(2))
    work()
    trial = ImportRun.objects.get()
    press(trial, "enter")
    press(trial, "enter")
    assert ImportRun.objects.filter(is_trial=False).count() == 1


def test_a_file_is_kept_a_day_at_most(send, press, client, work, settings):
    send(lines(2))
    import_runs.forget()
    assert len(files(settings)) == 1
    import_runs.forget(at=timezone.now() + dt.timedelta(hours=25))
    assert files(settings) == []
    run = ImportRun.objects.get()
    assert run.upload == ""
    work()
    assert client.get(reverse("importrun:inspect", args=[run.pk])).status_code == 200


def test_files_are_for_the_eyes_of_this_account(send, settings):
    send(lines(2))
    assert [oct(file.stat().st_mode)[-3:] for file in files(settings)] == ["600"]


@pytest.mark.parametrize(
    ("granted", "sees", "enters"),
    [([], 302, 302), (["view_importrun"], 200, 302), (["add_importrun"], 200, 200)],
)
def test_only_who_may_sees_and_enters(client, send, work, django_user_model, granted, sees, enters):
    from django.contrib.auth.models import Permission

    send(lines(2))
    work()
    run = ImportRun.objects.get()
    someone = django_user_model.objects.create_user("petit")
    for codename in ("access_admin", *granted):
        someone.user_permissions.add(Permission.objects.get(codename=codename))
    client.force_login(someone)
    assert client.get(reverse("importrun:inspect", args=[run.pk])).status_code == sees
    assert client.get(reverse("importrun:add")).status_code == enters
    client.post(reverse("importrun:inspect", args=[run.pk]), {"enter": "1"})
    assert ImportRun.objects.filter(is_trial=False).exists() == (enters == 200)


def test_the_desk_for_readers_may_import(newsroom):
    from depeche.newsroom.models import Role

    group = Role.objects.get(key=Role.Key.SUBSCRIBER_DESK).group
    app, codename = importing.PERMISSION.split(".")
    assert group.permissions.filter(content_type__app_label=app, codename=codename).exists()
