"""The public figures on reported errors, wherever a page shows them."""

from __future__ import annotations

from django import template

from depeche.articles import report_figures

register = template.Library()


@register.simple_tag
def figures_on_reports() -> report_figures.Figures:
    return report_figures.figures()
