"""Language packs: what is furniture or a byline, what only looks like it, and mistakes found on load."""

import json
import shutil

import pytest

from depeche.desk.packs import LANGUAGES, PackError, load_bylines, load_function_words, load_furniture
from depeche.desk.spans import FURNITURE_REASONS

pytestmark = pytest.mark.any_database

FURNITURE = {
    "theme_switch": [
        "Mode Foncé Mode Clair",
        "Mode FoncéMode Clair",
        "Mode sombre / mode clair",
        "Thème sombre",
        "Dark mode Light mode",
        "Clair / Sombre",
        "🌙 Activer le mode sombre",
        "Mode clair | Mode foncé | Système",
    ],
    "sign_up": [
        "Abonnez-vous pour ne rien manquer",
        "Recevez gratuitement l'essentiel de l'actualité",
        "Recevez l'actualité dans votre boîte mail",
        "Recevez chaque matin notre lettre d'information",
        "Abonnez-vous à la newsletter du Courrier",
        "Abonnez-vous dès 1 € par mois",
        "Restez informé",
        "Restez informé grâce à notre lettre",
        "Get neutral and factual news in your inbox",
        "Receive neutral, factual information",
        "Stay informed",
        "Join 20,000 readers",
        "Recevez une information neutre et factuelle",
        "Inscrivez-vous à notre infolettre",
        "S’abonner",
        "S'ABONNER",
        "Votre adresse e-mail",
        "Adresse e-mail *",
        "Subscribe",
        "Sign up for our newsletter",
        "Déjà abonné ? Se connecter",
    ],
    "agreement": [
        "En vous inscrivant, vous acceptez nos conditions générales d'utilisation et notre politique de confidentialité.",
        "En cliquant sur « S'inscrire », vous acceptez notre politique de confidentialité et nos CGU.",
        "En soumettant ce formulaire, vous acceptez que vos données soient traitées.",
        "En validant votre inscription, vous reconnaissez avoir lu notre charte de protection des données.",
        "En cliquant sur le bouton « S'abonner », vous confirmez que vous avez lu et que vous acceptez notre politique "
        "de confidentialité et nos conditions d'utilisation.",
        "En cliquant sur « OK », vous acceptez notre politique de confidentialité.",
        "J'accepte de recevoir la newsletter et les offres de nos partenaires.",
        "J’accepte de recevoir les lettres d’information",
        "By subscribing you agree to our privacy policy",
        "By clicking Subscribe, you agree to our Terms of Use and Privacy Policy.",
    ],
    "cookies": [
        "Nous utilisons des cookies pour améliorer votre visite.",
        "Tout accepter",
        "Accept all cookies",
    ],
    "share": [
        "Partager sur Facebook Partager sur X",
        "Partager sur Facebook",
        "Partager cet article",
        "Facebook Twitter WhatsApp E-mail",
        "Share this article",
    ],
    "related": [
        "Lire aussi : Le pont rouvrira en mai",
        "À lire aussi",
        "Read more: The bridge",
        "Sur le même sujet",
    ],
    "copyright": [
        "Copyright Le Courrier 2026",
        "© 2026 La Gazette",
        "La Gazette – Tous droits réservés",
        "Tous droits réservés",
        "Copyright 2026 X",
    ],
    "navigation": [
        "Écouter l'article",
        "Accueil",
        "Aller au contenu principal",
        "☰ Menu",
        "Retour en haut de page",
        "Accueil > Politique > Europe",
        "Accueil Politique Économie Culture",
        "Mentions légales | Contact | Plan du site",
        "Skip to content",
    ],
    "date_line": [
        "Publié le 12 mars 2026",
        "Publié le 12/03/2026 à 18:30 - Mis à jour le 13/03/2026 à 09:12",
        "Mis à jour le lundi 3 mars 2026 à 9 h 05",
        "PUBLIÉ LE 1er AVRIL 2026",
        "Temps de lecture : 4 min",
        "Published on March 12, 2026",
        "Updated 3 hours ago",
    ],
}
NEWS = [
    "Tous droits réservés, la formule n'a pas de valeur juridique, explique un avocat.",
    "Nous utilisons des cookies, reconnaît l'entreprise dans un courrier à la CNIL.",
    "Lire aussi : c'est le conseil qu'elle donne à ses élèves.",
    "Copyright law changes in 2027",
    "En validant votre inscription, vous acceptez de payer 30 euros d'avance.",
    "Recevez l'étranger comme un frère",
    "Restez informés des risques avant de partir",
    "Join 20,000 people marching",
    "Stay informed voters, he said",
    "Le mode sombre arrive sur l'application.",
    "Recevez-vous ces lettres ? a demandé le juge.",
    "En cliquant sur le lien, les victimes acceptaient un virement, selon le parquet.",
    "En cliquant sur ce lien, vous acceptez la politique de confidentialité, a averti le procureur.",
    "Publié le 12 mars, le rapport accable la mairie.",
    "Publié le rapport qui accable la mairie",
    "Mis à jour, le logiciel fonctionne.",
    "Copyright : le Parlement adopte la directive",
    "Lire aussi bien que les autres : le pari d'une école",
    "Lire : une joie retrouvée",
    "Nous utilisons des cookies, a reconnu la plateforme.",
    "Abonnez-vous, conseille la mairie",
    "J'accepte de recevoir des critiques, dit-elle.",
    "Inscrivez-vous sur les listes électorales avant vendredi",
    "Recevez les conseils de nos médecins, disait la brochure envoyée par courriel",
    "Partager le pouvoir",
    "Accueil des réfugiés : la ville s'organise",
    "Accueil glacial pour le ministre",
    "Le menu de la cantine",
    "Contact rompu avec la sonde",
    "Europe",
    "Facebook condamné",
    "« Tous droits réservés », dit l'affiche du musée.",
    "La Gazette garde tous droits réservés sur le film.",
    "12 mars 2026",
    "Read more carefully",
    "Home at last",
    "By clicking the link, victims agreed to a transfer, police said.",
    "Search for survivors goes on",
]


@pytest.mark.parametrize(
    ("reason", "line"), [(reason, line) for reason, lines in FURNITURE.items() for line in lines]
)
def test_lines_of_a_site_are_furniture(reason, line):
    assert load_furniture().reason(line) == reason


@pytest.mark.parametrize("line", NEWS)
def test_news_that_uses_the_same_words_is_not_furniture(line):
    assert load_furniture().reason(line) == ""


def test_a_bare_date_is_furniture_only_around_the_headline():
    assert load_furniture().reason("Lundi 3 mars 2026", at_top=True) == "date_line"
    assert load_furniture().reason("Lundi 3 mars 2026") == ""


def test_a_long_text_is_never_furniture():
    assert load_furniture().reason("© " + "mot " * 200) == ""


@pytest.mark.parametrize(
    "line",
    [
        "Par Jeanne Morel",
        "PAR JEANNE MOREL",
        "Par Jeanne Morel et Luc Abadie, à Lille",
        "Par Jeanne Morel, Luc Abadie et Zoé Petit",
        "Par Jean-Luc de La Fontaine",
        "Par Éloïse d’Arc",
        "Par J. Morel (avec AFP)",
        "Par Jeanne Morel, envoyée spéciale à Kiruna",
        "Par Jeanne Morel | 12 mars 2026",
        "Par l’AFP",
        "Par la rédaction",
        "Propos recueillis par Jeanne Morel",
        "By Jane Doe",
        "By Jane Doe and John Smith in Paris",
    ],
)
def test_authors_in_a_line_of_their_own_are_a_byline(line):
    assert load_bylines().matches(line)


@pytest.mark.parametrize(
    "line",
    [
        "Par ailleurs, le maire démissionne",
        "Par endroits",
        "Par Grand Froid, les associations s'organisent",
        "Par Jeanne Morel, la maire a dit non",
        "Par Jeanne Morel.",
        "Jeanne Morel",
        "By Friday",
        "By Jane Doe's account, nothing happened",
    ],
)
def test_a_line_that_only_begins_like_a_byline_is_none(line):
    assert not load_bylines().matches(line)


@pytest.fixture
def packs(tmp_path):
    """A copy of the language packs, and a way to change one file of it."""

    def change(name, edit):
        path = tmp_path / "languages" / "fr" / name
        shutil.copytree(LANGUAGES, tmp_path / "languages")
        data = json.loads(path.read_text(encoding="utf-8"))
        edit(data)
        path.write_text(json.dumps(data), encoding="utf-8")
        return tmp_path / "languages"

    return change


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (lambda data: data.pop("parts"), "exactly these keys"),
        (lambda data: data.update(more={}), "exactly these keys"),
        (lambda data: data["lines"].update(advertising=["x"]), "lines.advertising is no reason"),
        (lambda data: data["lines"].update(share=[]), "lines.share must be"),
        (lambda data: data["lines"].update(share=[3]), "lines.share must be"),
        (lambda data: data["lines"].update(share=["(x"]), "lines.share: “(x” has a bracket"),
        (lambda data: data["lines"].update(share=["{nobody}"]), "lines.share"),
        (lambda data: data["parts"].update(bad="a…"), "parts.bad holds a …"),
        (lambda data: data.update(lines=[]), "lines must be an object"),
    ],
)
def test_a_mistake_in_a_pack_is_named_with_its_file_and_place(packs, edit, told):
    with pytest.raises(PackError) as caught:
        load_furniture(packs("furniture.json", edit))
    assert told in str(caught.value)
    assert "furniture.json" in str(caught.value)


def test_a_mistake_in_bylines_is_named(packs):
    with pytest.raises(PackError, match="openers"):
        load_bylines(packs("bylines.json", lambda data: data.update(openers="")))


def test_a_file_that_is_no_json_is_named(tmp_path):
    (tmp_path / "fr").mkdir()
    (tmp_path / "fr" / "furniture.json").write_text("{", encoding="utf-8")
    with pytest.raises(PackError, match="cannot be read as JSON"):
        load_furniture(tmp_path)


def test_a_folder_without_languages_is_named(tmp_path):
    with pytest.raises(PackError, match="no language"):
        load_furniture(tmp_path)


def test_every_language_has_what_the_reader_of_articles_needs():
    files = {
        folder.name: {file.name for file in folder.iterdir()}
        for folder in LANGUAGES.iterdir()
        if folder.is_dir()
    }
    needed = {
        "furniture.json",
        "bylines.json",
        "function_words.json",
        "catalogue.json",
        "check.json",
        "reads.json",
    }
    assert [name for name, own in files.items() if not needed <= own] == []


def test_every_reason_with_patterns_is_tried_here():
    tried = {reason for reason, _ in load_furniture().lines}
    assert tried == set(FURNITURE) <= set(FURNITURE_REASONS)


@pytest.mark.parametrize(
    ("words", "told"),
    [(["the"], "word of en"), (["Le"], "lower case"), ([], "words must be"), (["a b"], "single")],
)
def test_a_mistake_in_function_words_is_named(packs, words, told):
    with pytest.raises(PackError, match=told):
        load_function_words(packs("function_words.json", lambda data: data.update(words=words)))
