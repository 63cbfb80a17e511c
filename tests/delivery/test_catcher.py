"""Caught mail: for signed-in editors, harmless to look at, and never on a public host."""

import pytest

from depeche.delivery import actions, catcher

pytestmark = pytest.mark.django_db


@pytest.fixture
def caught(mailroom):
    actions.send(
        sender="redaction@depeche.test",
        recipient="lea@exemple.test",
        subject="Un objet",
        text="Le texte : http://127.0.0.1:8000/x/",
        html="<p>Le HTML <script>alert(1)</script><a href='http://127.0.0.1:8000/x/'>lien</a></p>",
    )
    mailroom.deliver()
    return catcher.messages()[0]


def test_an_editor_sees_html_text_and_headers(client, editor, caught):
    client.force_login(editor)
    assert "Un objet" in client.get("/admin/caught-mail/").content.decode()
    page = client.get(f"/admin/caught-mail/{caught.key}/").content.decode()
    assert "Le texte" in page
    assert "Auto-Submitted: auto-generated" in page
    assert "alert(1)" not in page
    html = client.get(f"/admin/caught-mail/{caught.key}/html/")
    assert "Le HTML" in html.content.decode()
    assert "sandbox" in html.headers["Content-Security-Policy"]
    assert "script-src" not in html.headers["Content-Security-Policy"]
    assert "default-src 'none'" in html.headers["Content-Security-Policy"]


def test_nobody_else_sees_it(client, caught, django_user_model):
    assert client.get("/admin/caught-mail/").status_code == 302
    client.force_login(
        django_user_model.objects.create_user("lecteur", "l@depeche.test", "un long mot de passe")
    )
    assert client.get(f"/admin/caught-mail/{caught.key}/").status_code == 302


def test_a_message_that_is_gone_is_no_error(client, editor):
    client.force_login(editor)
    assert client.get("/admin/caught-mail/absent/").status_code == 404
    assert client.get("/admin/caught-mail/..%2f..%2fsecret-key/").status_code == 404


def test_all_of_it_can_be_deleted_but_not_by_a_visit(client, editor, caught):
    client.force_login(editor)
    assert client.get("/admin/caught-mail/empty/").status_code == 405
    client.post("/admin/caught-mail/empty/")
    assert catcher.messages() == []


@pytest.mark.parametrize(
    "changes", [{"EMAIL_URL": "smtp://mail.example"}, {"IS_PUBLIC": True}, {"STAGE": "production"}]
)
def test_it_is_off_where_mail_is_real(settings, changes):
    assert catcher.is_active()
    for name, value in changes.items():
        setattr(settings, name, value)
    assert not catcher.is_active()


def test_a_colleagues_mail_is_theirs(client, editor, mailroom, django_user_model):
    from django.contrib.auth.models import Group

    actions.send(sender="a@depeche.test", recipient=editor.email, subject="Mot de passe", text="…")
    mailroom.deliver()
    key = catcher.messages()[0].key
    plume = django_user_model.objects.create_user("plume", "p@depeche.test", "un long mot de passe")
    plume.groups.add(Group.objects.get(name="Editors"))
    client.force_login(plume)
    assert "Mot de passe</a>" not in client.get("/admin/caught-mail/").content.decode()
    assert client.get(f"/admin/caught-mail/{key}/").status_code == 404
    client.force_login(editor)
    assert client.get(f"/admin/caught-mail/{key}/").status_code == 200


def test_readers_mail_is_for_those_who_answer_readers(client, mailroom, django_user_model):
    from django.contrib.auth.models import Permission

    actions.send(sender="a@depeche.test", recipient="lea@exemple.test", subject="Confirmez", text="…")
    mailroom.deliver()
    key = catcher.messages()[0].key
    desk = django_user_model.objects.create_user("desk", "d@depeche.test", "un long mot de passe")
    desk.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(desk)
    assert client.get(f"/admin/caught-mail/{key}/").status_code == 404
    assert client.post("/admin/caught-mail/empty/").status_code in (302, 403)
    assert catcher.messages()
    desk.user_permissions.add(Permission.objects.get(codename="view_transactionalmessage"))
    assert "Confirmez" in client.get("/admin/caught-mail/").content.decode()
