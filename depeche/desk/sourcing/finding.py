"""The findings on sources: ATT001 to ATT009 and ATT011, each asked of a block or of the whole article."""

from __future__ import annotations

from depeche.desk.draft import BlockReading, Draft
from depeche.desk.sourcing import agentless, antecedents, contested, hearsay, stances, unnamed, vague
from depeche.desk.spans import Finding


def findings(block: BlockReading, language: str) -> list[Finding]:
    """What a block shows by itself, in offsets of the block: hearsay (ATT004, ATT005), anonymous sources
    (ATT003), pronouns (ATT006), doubting verbs (ATT009) and passives without an agent (ATT011).
    """
    return [
        *hearsay.findings(block, language),
        *unnamed.findings(block, language),
        *antecedents.findings(block, language),
        *stances.findings(block, language),
        *agentless.findings(block, language),
    ]


def across(draft: Draft) -> list[Finding]:
    """What needs the whole article, in its offsets: contestable claims (ATT001), vague sources (ATT002),
    second-hand documents (ATT007), factive verbs (ATT008), and hearsay in titles (ATT004).
    """
    return [
        *contested.across(draft),
        *vague.across(draft),
        *unnamed.across(draft),
        *stances.across(draft),
        *agentless.across(draft),
        *hearsay.across(draft),
    ]
