"""Readings made by hand, for tests of what is done with them."""

from __future__ import annotations

from depeche.desk.article import Article, read_article
from depeche.desk.checked import Checked
from depeche.desk.draft import Dossier
from depeche.desk.reading import Reading
from depeche.desk.spans import Finding, Severity, Span

ARTICLE = """\
Le pont de Sermont rouvre lundi

Le régime de circulation change lundi. Les experts redoutent des bouchons, et un adjoint aurait démissionné.

Le chantier a coûté 4,2 millions d’euros, indique la mairie. Il a coûté 5 millions, dit la préfète.
"""


def span_of(text: str, words: str, occurrence: int = 1) -> Span:
    """Where `words` stand in `text` for the nth time."""
    start = -1
    for _ in range(occurrence):
        start = text.index(words, start + 1)
    return start, start + len(words)


def finding(text: str, code: str, words: str, severity: Severity = "warning", **more) -> Finding:
    """A finding on `words`; `related` may be given as words too."""
    related = tuple(span_of(text, other) for other in more.pop("related", ()))
    return Finding(code, severity, span_of(text, words), related=related, **more)


def reading_of(article: Article | str, *findings: Finding, **more) -> Reading:
    """A reading with these findings and nothing else, unless `more` says so."""
    if isinstance(article, str):
        article = read_article(article, source_format="text")
    given = {"attributions": (), "hedges": (), "quantities": (), "claims": (), **more}
    dossier = given.pop("dossier", Dossier())
    return Reading(article, given.pop("language", "fr"), dossier, findings=findings, **given)


def checked_of(text: str, *findings: Finding, name: str = "pont.txt", **more) -> Checked:
    """A plain text that was checked, with these findings."""
    return Checked(name, text, reading_of(text, *findings), **more)
