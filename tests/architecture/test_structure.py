"""The shape of the tree, where no import shows it."""

import gettext
import re
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.apps import apps
from django.core.management import call_command

ROOT = Path(__file__).parents[2]
LAYERS = ["jobs", "delivery", ("articles", "subscribers"), "newsletters", ("front", "newsroom"), "ops"]
RANK = {
    app: rank for rank, layer in enumerate(LAYERS) for app in ((layer,) if isinstance(layer, str) else layer)
}
SOURCES = [path for path in (ROOT / "depeche").rglob("*.py") if "migrations" not in path.parts]

pytestmark = pytest.mark.any_database


def test_no_string_names_a_model_of_an_upper_app():
    model_names = {model._meta.label for app in RANK for model in apps.get_app_config(app).get_models()}
    upward = []
    for path in SOURCES:
        app = path.relative_to(ROOT / "depeche").parts[0]
        for label in re.findall(r"""["']([a-z]+\.[A-Z]\w+)["']""", path.read_text()):
            if label in model_names and RANK.get(label.split(".")[0], -1) > RANK.get(app, len(LAYERS)):
                upward.append(f"{path.relative_to(ROOT)}: {label}")
    assert not upward


def test_a_page_uses_only_components_and_its_own_apps_templates():
    strangers = []
    for path in (ROOT / "templates").rglob("*.*"):
        own = path.relative_to(ROOT / "templates").parts[0]
        for name in re.findall(r"""{%\s*(?:include|extends)\s+["']([^"']+)""", path.read_text()):
            if name.split("/")[0] not in (own, "components", "base.html", "wagtailadmin"):
                strangers.append(f"{path.relative_to(ROOT)}: {name}")
    assert not strangers


def test_no_drawer_for_everything():
    drawers = {"apps", "core", "common", "utils", "helpers", "services", "managers", "misc", "base"}
    found = [path for path in SOURCES if path.stem in drawers - {"apps"} or path.parent.name in drawers]
    assert not found


def test_every_setting_of_the_environment_is_documented():
    source = (ROOT / "depeche/settings.py").read_text() + (ROOT / "depeche/environment.py").read_text()
    names = set(re.findall(r'(?:env\.\w+|items|environ\.get)\(\s*"(\w+)"', source))
    table = (ROOT / "docs/reference/settings.md").read_text()
    example = (ROOT / ".env.example").read_text()
    assert len(names) > 8
    assert [name for name in sorted(names) if f"`{name}`" not in table] == []
    assert [name for name in sorted(names - {"DEPECHE_ENV_FILE"}) if name not in example] == []


def test_every_verb_of_the_command_line_is_documented():
    from depeche.__main__ import COMMANDS

    page = (ROOT / "docs/reference/commands.md").read_text()
    assert [verb for verb in [*COMMANDS, "check", "start", "manage"] if f"`{verb}" not in page] == []


def test_every_option_of_check_and_key_of_its_rules_is_documented():
    from depeche.desk import check_arguments, house

    page = (ROOT / "docs/reference/commands.md").read_text()
    options = [*check_arguments.VALUES, *check_arguments.SWITCHES]
    assert [name for name in options if name not in page and name != "--help"] == []
    assert [key for key in [*house.TOP_KEYS, *house.WORD_KEYS, *house.KIND_KEYS] if key not in page] == []


def test_every_finding_is_documented_as_the_catalogue_has_it():
    from depeche.desk import catalogue
    from scripts import write_findings

    page = (ROOT / "docs/reference/findings.md").read_text()
    assert [code for code in catalogue.codes() if f"### {code} " not in page] == []
    assert write_findings.main(["--check"]) == 0, "run: python scripts/write_findings.py"


def test_every_role_and_every_log_action_is_documented():
    from wagtail.log_actions import registry

    from depeche.newsroom.models import Role

    page = (ROOT / "docs/reference/newsroom.md").read_text()
    own = [
        action for action, _label in registry.get_choices() if action.startswith(("depeche.", "newsroom."))
    ]
    assert len(own) >= 6
    assert [name for name in [*Role.Key.values, *own] if f"`{name}`" not in page] == []


def test_every_model_with_personal_data_has_its_line_in_privacy():
    from depeche import personal_data

    page = (ROOT / "docs/reference/privacy.md").read_text()
    held = {label for holder in personal_data.holders() for label in holder.models}
    assert len(held) > 10
    assert [label for label in sorted(held) if f"`{label}`" not in page] == []


def test_every_dependency_has_its_line():
    project = (ROOT / "pyproject.toml").read_text()
    listed = re.findall(r'^\s+"([A-Za-z0-9_-]+)[\[>=<"]', project.split("[tool.uv]")[0], re.MULTILINE)
    page = (ROOT / "docs/reference/dependencies.md").read_text()
    assert len(listed) > 20
    assert [name for name in listed if f"| {name} |" not in page] == []


def test_the_locked_requirements_are_those_of_the_lock():
    lock = (ROOT / "uv.lock").read_text()
    locked = set(re.findall(r'name = "([^"]+)"\nversion = "([^"]+)"', lock))
    for name in ("requirements.lock", "requirements-dev.lock"):
        pinned = re.findall(r"^([a-z0-9._-]+)(?:\[\w+\])?==(\S+)", (ROOT / name).read_text(), re.MULTILINE)
        assert len(pinned) > 20
        assert [pin for pin in pinned if pin not in locked] == []


def test_french_is_complete_and_compiled(tmp_path):
    folder = ROOT / "locale/fr/LC_MESSAGES"
    catalog = read_po((folder / "django.po").open("rb"), locale="fr")
    for message in catalog:
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        assert not message.id or (all(strings) and not message.fuzzy), message.id
    with (tmp_path / "fresh.mo").open("wb") as file:
        write_mo(file, catalog)
    fresh = gettext.GNUTranslations((tmp_path / "fresh.mo").open("rb"))._catalog
    shipped = gettext.GNUTranslations((folder / "django.mo").open("rb"))._catalog
    fresh.pop("", None), shipped.pop("", None)
    assert fresh == shipped, "run: bin/depeche manage compilemessages -l fr"


def test_every_string_readers_and_editors_see_is_in_the_french_catalogue():
    catalog = read_po((ROOT / "locale/fr/LC_MESSAGES/django.po").open("rb"), locale="fr")
    known = {
        text for message in catalog for text in ([message.id] if isinstance(message.id, str) else message.id)
    }
    missing = []
    for path in SOURCES:
        for text in re.findall(r'\b(?:_|gettext_lazy)\(\s*"((?:[^"\\]|\\.)*)"\s*\)', path.read_text()):
            if text.replace('\\"', '"') not in known:
                missing.append(f"{path.name}: {text}")
    for path in (ROOT / "templates").rglob("*.*"):
        for text in re.findall(r'{%\s*trans(?:late)?\s+"([^"]+)"', path.read_text()):
            if text not in known:
                missing.append(f"{path.name}: {text}")
    assert not missing


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
