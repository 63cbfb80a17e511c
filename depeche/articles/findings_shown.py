"""What the findings panel shows of an examination: findings by severity and zone, and where they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import get_language, get_language_info, ngettext, pgettext
from django.utils.translation import gettext as _

from . import analysis, gatekeeping
from .analysis import Finding, Place
from .claim_labels import ZONES, label
from .gate import ANSWERED_BY_APPROVED_ANONYMITY, Examination, Requirement, Stand, State
from .ledger import AnonymousSource, Dismissal
from .models import Article

OPEN = (State.OPEN, State.PENDING)
_OUTER_MARKS = ' \u00a0\u202f«»“”„"'
_LONGEST_WORDS = 120


@dataclass(frozen=True)
class Asked:
    """What somebody wants of the panel: the findings or the claims, some of them in full (by their row).

    `problem` is a sentence to show at the row `problem_at`, "" for above all.
    """

    by: Any
    shows_claims: bool = False
    opened: frozenset[str] = frozenset()
    problem: str = ""
    problem_at: str = ""
    form: Any = None


@dataclass(frozen=True)
class Row:
    """A finding in the list; `id` tells it from others with the same key."""

    id: str
    finding: Finding
    state: State
    title: str
    message: str
    words: str
    is_open: bool
    dismissal: Dismissal | None
    anonymous: AnonymousSource | None

    @property
    def names_its_words(self) -> bool:
        """Whether the message has the words already."""
        return self.finding.place.words in self.message

    @property
    def question(self) -> str:
        return self.finding.question(_language())

    @property
    def why(self) -> str:
        return self.finding.why(_language())

    @property
    def rewrite(self) -> str:
        """Neutral words that replace these one for one, "" where there are none."""
        return self.finding.rewrite

    @property
    def alternatives(self) -> list[str]:
        """Further neutral words: the sentence may have to agree with them."""
        known = {self.finding.rewrite, self.finding.place.words}
        return [words for words in dict.fromkeys(self.finding.alternatives) if words not in known]

    @property
    def may_be_anonymous(self) -> bool:
        return self.finding.code in ANSWERED_BY_APPROVED_ANONYMITY


@dataclass(frozen=True)
class Group:
    """Findings of one severity, by zone."""

    severity: str
    title: str
    zones: list[tuple[str, list[Row]]]

    @cached_property
    def count(self) -> int:
        return sum(len(rows) for _zone, rows in self.zones)


@dataclass(frozen=True)
class Check:
    """A line of the list before publishing."""

    requirement: Requirement
    title: str
    dismissal: Dismissal | None
    is_open: bool

    @property
    def id(self) -> str:
        return self.requirement.key

    @property
    def needs_answer(self) -> bool:
        return self.requirement.state in OPEN

    @property
    def is_about_anonymity(self) -> bool:
        return self.requirement.name == "anonymity"


@dataclass(frozen=True)
class Counts:
    """How many are open, by severity, and how many requirements of the gate stop the article."""

    errors: int
    warnings: int
    notes: int
    stopping_requirements: int = 0

    @property
    def urgent(self) -> int:
        """What the toggle of the panel says: errors, warnings and what else stops the article."""
        return self.errors + self.warnings + self.stopping_requirements

    @property
    def sentence(self) -> str:
        """« 2 errors, 1 warning », for those who do not see the list."""
        parts = [
            ngettext("%(count)d error", "%(count)d errors", self.errors) % {"count": self.errors},
            ngettext("%(count)d warning", "%(count)d warnings", self.warnings) % {"count": self.warnings},
            ngettext("%(count)d note", "%(count)d notes", self.notes) % {"count": self.notes},
        ]
        counted = zip(parts, (self.errors, self.warnings, self.notes), strict=True)
        return ", ".join(part for part, count in counted if count) or _("Nothing found")


@dataclass
class Shown:
    """The findings of `article` as `asked`; attributes are read by the template."""

    article: Article
    examination: Examination
    asked: Asked
    rows: list[Row] = field(init=False)

    def __post_init__(self) -> None:
        stands = self.examination.stands
        ids = numbered(stand.finding.key for stand in stands)
        self.rows = [self._row(stand, id) for stand, id in zip(stands, ids, strict=True)]

    @cached_property
    def counts(self) -> Counts:
        open_now = Counter(row.finding.severity for row in self.rows if row.state in OPEN)
        stopping = sum(requirement.stops for requirement in self.examination.requirements)
        return Counts(open_now["error"], open_now["warning"], open_now["info"], stopping)

    @cached_property
    def groups(self) -> list[Group]:
        titles = {
            "error": pgettext("findings", "Errors"),
            "warning": pgettext("findings", "Warnings"),
            "info": pgettext("findings", "Notes"),
        }
        groups = []
        for severity, title in titles.items():
            rows = [row for row in self.rows if row.finding.severity == severity and row.state in OPEN]
            if rows:
                groups.append(Group(severity, title, _by_zone(rows)))
        return groups

    @cached_property
    def settled(self) -> list[Row]:
        return [row for row in self.rows if row.state not in OPEN]

    @cached_property
    def checks(self) -> list[Check]:
        return [
            Check(
                requirement,
                gatekeeping.requirement_title(requirement),
                self._dismissals.get(requirement.key),
                requirement.key in self.asked.opened,
            )
            for requirement in self.examination.requirements
        ]

    @cached_property
    def stopping_errors(self) -> int:
        return sum(1 for stand in self.examination.stands if stand.stops)

    @cached_property
    def may_publish(self) -> bool:
        """Whether whoever looks can be the second person."""
        return bool(self.article.pk) and self.article.permissions_for_user(self.asked.by).can_publish()

    @property
    def marks(self) -> list[dict[str, Any]]:
        return [
            mark(row.id, row.finding.place, row.finding.severity, row.finding.rewrite)
            for row in self.rows
            if row.state in OPEN or row.is_open
        ]

    def _row(self, stand: Stand, id: str) -> Row:
        finding, language = stand.finding, _language()
        message = finding.message(language)
        return Row(
            id=id,
            finding=finding,
            state=stand.state,
            title=finding.title(language),
            message=message,
            words=shortened(finding.place.words),
            is_open=id in self.asked.opened,
            dismissal=self._dismissals.get(finding.key),
            anonymous=self.anonymous_for(finding.place.words),
        )

    @cached_property
    def _dismissals(self) -> dict[str, Dismissal]:
        if not self.article.pk:
            return {}
        standing = Dismissal.objects.standing().filter(article_id=self.article.pk)
        return {said.key: said for said in standing.select_related("by", "seconded_by")}

    @cached_property
    def anonymous_sources(self) -> list[AnonymousSource]:
        if not self.article.pk:
            return []
        standing = AnonymousSource.objects.standing().filter(article_id=self.article.pk)
        return list(standing.select_related("by", "approved_by"))

    def anonymous_for(self, words: str) -> AnonymousSource | None:
        """What was recorded of a source so described."""
        described = folded(words)
        known = (source for source in self.anonymous_sources if folded(source.words) == described)
        return next(known, None)


def mark(id: str, place: Place, severity: str, rewrite: str = "") -> dict[str, Any]:
    """Where the editor finds the words of a row, as JSON."""
    return {
        "key": id,
        "path": place.path,
        "words": place.words,
        "occurrence": place.occurrence,
        "severity": severity,
        "rewrite": rewrite,
    }


def numbered(keys: Iterable[str]) -> list[str]:
    """The keys, told apart where they repeat: « k », « k-2 »."""
    seen: Counter[str] = Counter()
    ids = []
    for key in keys:
        seen[key] += 1
        ids.append(key if seen[key] == 1 else f"{key}-{seen[key]}")
    return ids


def shortened(words: str) -> str:
    """At most a line or two of them, without the quotation marks that the panel sets around them."""
    words = words.strip(_OUTER_MARKS) or words
    return words if len(words) <= _LONGEST_WORDS else words[:_LONGEST_WORDS].rpartition(" ")[0] + "…"


def languages_read() -> str:
    """« français, allemand »: what the desk reads, in the user's language."""
    names = [str(get_language_info(code)["name_translated"]) for code in sorted(analysis.languages())]
    return ", ".join(name if _language() == "en" else name.lower() for name in names)


def _by_zone(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    kinds = [*ZONES, *sorted({row.finding.kind for row in rows} - set(ZONES))]
    zones = ((label(ZONES, kind), [row for row in rows if row.finding.kind == kind]) for kind in kinds)
    return [(title, found) for title, found in zones if found]


def folded(words: str) -> str:
    """Descriptions that differ only in case and space are one."""
    return " ".join(words.casefold().split())


def _language() -> str:
    return get_language() or "en"
