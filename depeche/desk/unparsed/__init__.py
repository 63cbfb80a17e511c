"""Who says what in a language that no parser reads: by reporting verbs, their neighbours and quotation marks.

Everything it knows of a language is in its pack: `reporting_verbs.json`, `prepositional_cues.json`,
`small_words.json`, `source_heads.json` and `vague_sources.json`; without these it finds nothing.
"""

from depeche.desk.unparsed.finding import attributions
from depeche.desk.unparsed.quality import head

__all__ = ["attributions", "head"]
