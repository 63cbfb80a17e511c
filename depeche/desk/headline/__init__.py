"""The headline and the crossheads, held against the text under them."""

from depeche.desk.headline.finding import compare

__all__ = ["compare"]
