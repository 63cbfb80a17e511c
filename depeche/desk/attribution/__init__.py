"""Who says what. The grammar here is that of French; a language without a parser is read by `unparsed`."""

from depeche.desk.attribution.finding import attributions, nested
from depeche.desk.attribution.referents import speakers_carried, with_referents

__all__ = ["attributions", "nested", "speakers_carried", "with_referents"]
