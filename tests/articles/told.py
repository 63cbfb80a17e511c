"""Articles whose claims are known: what the desk would have found in them, and what people said."""

import re
from html import unescape

from django.utils import timezone

from depeche.articles import gatekeeping
from depeche.articles.analysis import Claim, Finding, Place, Reading
from depeche.articles.manuscript import manuscript_of
from depeche.articles.models import StoredReading

TEXT = (
    "Le maire affirme que le pont ferme lundi. Des experts estiment que la réparation coûte 3 millions. "
    "Le chef du chantier aurait été renvoyé. La rivière a monté de deux mètres."
)
PONT, COUT = "le pont ferme lundi", "la réparation coûte 3 millions"
CHEF, RIVIERE = "Le chef du chantier aurait été renvoyé", "La rivière a monté de deux mètres"


def claim(article, words: str, source: str = "", **changed) -> Claim:
    """A claim of the first zone that has the words: a source's where one is named, else the paper's."""
    zones = manuscript_of(article).zones
    number = next(n for n, zone in enumerate(zones) if words in zone.text)
    start = zones[number].text.index(words)
    values = {
        "key": f"key-{words[:24]}",
        "kind": zones[number].kind,
        "place": Place(number, start, start + len(words), zones[number].path, words, 0),
        "sentence": next(part for part in zones[number].text.split(". ") if words in part or words == part),
        "source": source,
        "cue": "",
        "voice": "source" if source else "newsroom",
        "degree": "certain",
        "status": "attributed_named" if source else "asserted_unattributed",
        "type": "event",
        "checkable": True,
        "quality": "named" if source else "",
    }
    return Claim(**values | changed)


def claims_of(article) -> list[Claim]:
    vague = {"status": "attributed_vague", "quality": "vague_collective", "cue": "estiment"}
    rumour = {"voice": "hearsay", "degree": "reported_uncommitted", "status": "hearsay_no_source"}
    return [
        claim(article, PONT, "Le maire", cue="affirme"),
        claim(article, COUT, "Des experts", type="opinion", **vague),
        claim(article, CHEF, cue="aurait été renvoyé", **rumour),
        claim(article, RIVIERE),
    ]


def read(article, *claims: Claim, is_published: bool = True, unnamed: str = "Des experts") -> None:
    """Store this as what the desk found in the article as it is, with a warning that some source is nobody."""
    StoredReading.objects.filter(article=article).delete()
    manuscript = manuscript_of(article)
    place = Place(0, 0, 1, ("title",), unnamed, 0)
    finding = Finding("key", "ATT002", "warning", "paragraph", place)
    claims = claims or tuple(claims_of(article))
    found = Reading(manuscript.sha256, "fr", is_read=True, findings=(finding,), claims=claims)
    gatekeeping.store(article, found)
    StoredReading.objects.filter(article=article).update(is_published=is_published)


def said(model, article, words: str, **values):
    """Somebody says this about the claim with those words."""
    given = {"key": f"key-{words[:24]}", "words": words, "at": timezone.now()}
    return model.objects.create(article=article, **given | values)


def words_of(html: str) -> str:
    """What one reads of a page."""
    return re.sub(r"<[^>]*>", "", unescape(html)).replace("\n", " ")
