"""How the newsroom works, for readers: from the desk's catalogue, the words of the ledger and the rules in force."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from . import analysis
from .claim_labels import CERTAINTIES, CERTAINTY_MARKS, STATUSES
from .gate import Thresholds, Weight
from .rules import PublishingRules
from .selections import Kind

# The words between bars are those a page marks.
EXAMPLES: dict[str, tuple[Promise, Promise]] = {
    "certain": (
        _("Whoever says it leaves no doubt. This does not mean that it is true."),
        _("The town hall says that |the pool closes on Monday|."),
    ),
    "retold": (
        _("The article says in its own words what somebody did in speaking: criticise, praise, deplore."),
        _("The union deplored |the state of the changing rooms|."),
    ),
    "opinion": (
        _("Whoever says it thinks so, estimates or believes it."),
        _("The architect believes that |the roof holds ten more years|."),
    ),
    "probable": (
        _("Whoever says it thinks it likely."),
        _("According to the engineer, |the pump has probably failed|."),
    ),
    "possible": (
        _("Whoever says it does not rule it out."),
        _("According to the union, |the works could last two years|."),
    ),
    "reported_uncommitted": (
        _("The article passes it on and does not answer for it."),
        _("|The director reportedly offered to resign|."),
    ),
    "denied": (
        _("A source answers what was said, or rejects it."),
        _("The director denies |having offered to resign|."),
    ),
    "hypothetical": (
        _("It is thought through, not stated."),
        _("|If the dam gave way, the village would be flooded|, the prefect says."),
    ),
    "question": (
        _("Somebody asks, nobody states it."),
        _("|Will the bridge reopen?|"),
    ),
}
QUALITIES: dict[str, Promise] = {
    "attributed_named": _("Somebody with a name."),
    "attributed_institution": _("A ministry, a company, an association."),
    "attributed_anonymous": _("Somebody described, but not named."),
    "attributed_vague": _("“Analysts”, “experts”, “reports”: nobody can check who that is."),
    "speech_act_reported": _("The article says that somebody spoke, praised, accused, in its own words."),
    "asserted_unattributed": _("The paper states it itself."),
    "hedged_newsroom": _("The paper states it itself, and says that it is not sure."),
    "hearsay_no_source": _("Nobody in the text answers for it."),
}
FAMILIES: dict[str, Promise] = {
    "ATT": _("Where something comes from"),
    "LEX": _("Words that judge"),
    "INF": _("Conclusions"),
    "NUM": _("Numbers"),
    "QUO": pgettext_lazy("rules", "Quotations"),
    "HED": _("Headlines"),
    "BAL": _("Balance"),
    "STR": _("Care for the text"),
    "TRN": _("Traces of translation"),
}
_SEVERITIES = {"error": _("stops"), "warning": _("is looked at"), "info": _("is a hint")}


@dataclass(frozen=True)
class Certainty:
    """A word of certainty: what it means, and an example cut at the words that are marked."""

    name: str
    mark: str
    meaning: str
    before: str
    words: str
    after: str


def certainties() -> list[Certainty]:
    """In the order of the page."""
    found = []
    for degree, (meaning, example) in EXAMPLES.items():
        before, words, after = str(example).split("|")
        name, mark = str(CERTAINTIES[degree]), CERTAINTY_MARKS[degree]
        found.append(Certainty(name, mark, str(meaning), before, words, after))
    return found


def qualities() -> list[tuple[str, str]]:
    """How well a source is named, and what that means."""
    return [(str(STATUSES[status]), str(meaning)) for status, meaning in QUALITIES.items()]


def families() -> list[tuple[str, list[tuple[str, str, str]]]]:
    """What the desk asks about, by family: the name of each rule, why it matters, what it does."""
    found: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for rule in analysis.rules(get_language() or "en"):
        found[rule.family].append((rule.title, rule.why, str(_SEVERITIES[rule.severity])))
    return [(str(FAMILIES.get(family, family)), rows) for family, rows in found.items()]


def gates() -> list[tuple[str, list[str]]]:
    """What stops an article before it reaches readers, by the rules in force; kinds with equal rules together."""
    newsroom = PublishingRules.load()
    kinds: dict[Thresholds, list[str]] = defaultdict(list)
    for kind in Kind:
        kinds[newsroom.thresholds(kind)].append(str(kind.label))
    names = {thresholds: ", ".join(labels) for thresholds, labels in kinds.items()}
    return [(names[thresholds] if len(names) > 1 else "", _sentences(thresholds)) for thresholds in names]


def needs_second_person() -> bool:
    """Whether nobody publishes alone what they wrote."""
    return PublishingRules.load().needs_second_person


def _sentences(thresholds: Thresholds) -> list[str]:
    said = [
        {
            "error": gettext("Errors the desk finds stop the article, unless two people answer for them."),
            "warning": gettext(
                "Errors and warnings the desk finds stop the article, unless they are answered for."
            ),
        }.get(thresholds.stops_at, gettext("Nothing the desk finds stops the article."))
    ]
    most = thresholds.most_unattributed_percent
    if most is not None:
        said.append(
            gettext("At most %(most)d %% of what can be checked may stand without a source.") % {"most": most}
        )
    asked = {
        gettext("An anonymous source whose anonymity no editor approved"): thresholds.anonymity,
        gettext("An accusation without having asked the accused"): thresholds.reply,
        gettext("An interest of those who sign that readers are not told of"): thresholds.interests,
        gettext("The use of AI that readers are not told of and nobody answers for"): thresholds.ai,
    }
    ends = {
        Weight.STOP: gettext("%(what)s stops the article."),
        Weight.REMIND: gettext("%(what)s is pointed out."),
    }
    said += [ends[weight] % {"what": what} for what, weight in asked.items() if weight in ends]
    return said
