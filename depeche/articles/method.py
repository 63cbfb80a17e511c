"""How the newsroom works, for readers: from the desk's catalogue, the words of the ledger and the rules in force."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from . import analysis
from .claim_labels import CERTAINTIES, CERTAINTY_MARKS, STATUSES
from .gate import Thresholds, Weight
from .rules import PublishingRules
from .selections import Kind

# The words between bars are those a page marks.
EXAMPLES: dict[str, tuple[Promise, Promise]] = {
    "certain": (
        lazy("Whoever says it leaves no doubt. This does not mean that it is true."),
        lazy("The town hall says that |the pool closes on Monday|."),
    ),
    "retold": (
        lazy("The article says in its own words what somebody did in speaking: criticise, praise, deplore."),
        lazy("The union deplored |the state of the changing rooms|."),
    ),
    "opinion": (
        lazy("Whoever says it thinks so, estimates or believes it."),
        lazy("The architect believes that |the roof holds ten more years|."),
    ),
    "probable": (
        lazy("Whoever says it thinks it likely."),
        lazy("According to the engineer, |the pump has probably failed|."),
    ),
    "possible": (
        lazy("Whoever says it does not rule it out."),
        lazy("According to the union, |the works could last two years|."),
    ),
    "reported_uncommitted": (
        lazy("The article passes it on and does not answer for it."),
        lazy("|The director reportedly offered to resign|."),
    ),
    "denied": (
        lazy("A source answers what was said, or rejects it."),
        lazy("The director denies |having offered to resign|."),
    ),
    "hypothetical": (
        lazy("It is thought through, not stated."),
        lazy("|If the dam gave way, the village would be flooded|, the prefect says."),
    ),
    "question": (
        lazy("Somebody asks, nobody states it."),
        lazy("|Will the bridge reopen?|"),
    ),
}
QUALITIES: dict[str, Promise] = {
    "attributed_named": lazy("Somebody with a name."),
    "attributed_institution": lazy("A ministry, a company, an association."),
    "attributed_anonymous": lazy("Somebody described, but not named."),
    "attributed_vague": lazy("“Analysts”, “experts”, “reports”: nobody can check who that is."),
    "speech_act_reported": lazy("The article says that somebody spoke, praised, accused, in its own words."),
    "asserted_unattributed": lazy("The paper states it itself."),
    "hedged_newsroom": lazy("The paper states it itself, and says that it is not sure."),
    "hearsay_no_source": lazy("Nobody in the text answers for it."),
}
FAMILIES: dict[str, Promise] = {
    "ATT": lazy("Where something comes from"),
    "LEX": lazy("Words that judge"),
    "INF": lazy("Conclusions"),
    "NUM": lazy("Numbers"),
    "QUO": pgettext_lazy("rules", "Quotations"),
    "HED": lazy("Headlines"),
    "BAL": lazy("Balance"),
    "STR": lazy("Care for the text"),
    "TRN": lazy("Traces of translation"),
}
_SEVERITIES = {"error": lazy("stops"), "warning": lazy("is looked at"), "info": lazy("is a hint")}


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
            "error": _("Errors the desk finds stop the article, unless two people answer for them."),
            "warning": _(
                "Errors and warnings the desk finds stop the article, unless they are answered for."
            ),
        }.get(thresholds.stops_at, _("Nothing the desk finds stops the article."))
    ]
    most = thresholds.most_unattributed_percent
    if most is not None:
        said.append(
            _("At most %(most)d %% of what can be checked may stand without a source.") % {"most": most}
        )
    asked = {
        _("An anonymous source whose anonymity no editor approved"): thresholds.anonymity,
        _("An accusation without having asked the accused"): thresholds.reply,
        _("An interest of those who sign that readers are not told of"): thresholds.interests,
        _("The use of AI that readers are not told of and nobody answers for"): thresholds.ai,
    }
    ends = {Weight.STOP: _("%(what)s stops the article."), Weight.REMIND: _("%(what)s is pointed out.")}
    said += [ends[weight] % {"what": what} for what, weight in asked.items() if weight in ends]
    return said
