"""The legal texts a new newsroom starts from: true of what the software does, to be completed by the newsroom."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from depeche.subscribers import imprint
from depeche.subscribers.legal import Kind
from depeche.subscribers.wording import default_words

_TEXTS = {
    ("privacy", "fr"): (
        "Politique de confidentialité",
        """<p>Cette page dit quelles données nous gardons, pourquoi, combien de temps, et comment les faire effacer.</p>
<h2>Si vous lisez nos pages</h2>
<p>Nous ne déposons aucun cookie, ne mesurons pas votre visite et ne faisons appel à aucun service tiers. Le choix du mode clair ou foncé reste dans votre navigateur.</p>
<h2>Si vous vous abonnez</h2>
<p>Nous gardons votre adresse électronique, la langue du formulaire, la date de votre demande et de votre confirmation, et le texte exact que vous avez accepté : la loi nous demande de pouvoir prouver votre consentement. Nous ne savons pas si vous ouvrez nos lettres ni sur quels liens vous cliquez.</p>
<p>Une demande qui n’est pas confirmée est effacée au bout de trente jours.</p>
<h2>Vos droits</h2>
<p>Chaque lettre porte un lien pour se désabonner en un clic. Vous pouvez demander une copie de vos données, leur correction ou leur effacement en répondant à n’importe laquelle de nos lettres, et saisir la CNIL si notre réponse ne vous satisfait pas.</p>""",
    ),
    ("terms", "fr"): (
        "Conditions d’utilisation",
        """<p>La lecture du site et l’abonnement à la lettre sont gratuits. Vous pouvez vous désabonner à tout moment, en un clic, sans donner de raison.</p>
<h2>Ce que nous promettons</h2>
<p>Une information neutre et factuelle : nous disons qui affirme quoi, et nous corrigeons nos erreurs là où elles ont été lues.</p>
<h2>Ce que nous vous demandons</h2>
<p>N’abonnez que votre propre adresse. Les articles sont protégés par le droit d’auteur ; vous pouvez les citer en nommant la source.</p>""",
    ),
    ("privacy", "en"): (
        "Privacy policy",
        """<p>This page says which data we keep, why, for how long, and how to have it erased.</p>
<h2>If you read our pages</h2>
<p>We set no cookie, do not measure your visit and call on no third party. Your choice of light or dark mode stays in your browser.</p>
<h2>If you subscribe</h2>
<p>We keep your e-mail address, the language of the form, when you asked and when you confirmed, and the exact words you agreed to: the law asks us to be able to prove your consent. We do not know whether you open our letters, nor which links you follow.</p>
<p>A request that is not confirmed is erased after thirty days.</p>
<h2>Your rights</h2>
<p>Every letter carries a link to leave by one click. To get a copy of your data, have it corrected or erased, answer any of our letters; if our answer does not satisfy you, you can turn to your data protection authority.</p>""",
    ),
    ("terms", "en"): (
        "Terms of use",
        """<p>Reading the site and subscribing to the letter are free. You can leave at any time, by one click, without giving a reason.</p>
<h2>What we promise</h2>
<p>Neutral and factual information: we say who claims what, and we correct our mistakes where they were read.</p>
<h2>What we ask of you</h2>
<p>Subscribe only your own address. The articles are protected by copyright; you may quote them, naming the source.</p>""",
    ),
}


def default(kind: str, paper: str) -> dict[str, str]:
    """The fields of a `LegalText` of this kind in the active language, in English where we have none."""
    if kind == Kind.FORM:
        return {"title": _("Words of the sign-up form"), **default_words()}
    if kind == Kind.IMPRINT:
        return {"title": _("Legal notice"), **imprint.default(paper)}
    if kind == Kind.NOTICE:
        return {"title": _("What we do with your address"), **_notice(paper)}
    title, body = _TEXTS.get((kind, get_language() or ""), _TEXTS[kind, "en"])
    return {"title": title, "body": body, **(_notice(paper) if kind == Kind.PRIVACY else {})}


def _notice(paper: str) -> dict[str, str]:
    return {
        "controller": _("%(paper)s; its address stands in the legal notice.") % {"paper": paper},
        "purposes": _("To send you the newsletters you asked for, and to prove that you did."),
        "legal_basis": _(
            "Your consent (GDPR art. 6(1)(a)); for the proof, our legal obligation (art. 6(1)(c))."
        ),
        "recipients": _("Nobody but us and whoever carries our mail."),
        "retention": _(
            "Until you leave, at most three years after we last heard from you. What proves your consent, without your "
            "address, five years more."
        ),
        "rights": _(
            "You may see, correct, take away or erase your data, object and withdraw your consent: the link "
            "“Preferences” stands in each of our mails."
        ),
        "authority": _("CNIL, 3 place de Fontenoy, 75007 Paris, www.cnil.fr"),
    }
