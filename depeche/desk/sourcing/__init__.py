"""Who a text rests on: sources that are missing, vague, anonymous, second-hand or doubted."""

from depeche.desk.sourcing.finding import across, findings

__all__ = ["across", "findings"]
