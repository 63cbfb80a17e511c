"""Figures: read, compared, and what an editor would ask about them."""

from depeche.desk.figures.finding import compare, findings

__all__ = ["compare", "findings"]
