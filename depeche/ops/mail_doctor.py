"""`bin/depeche doctor mail`: what mailbox providers look up about our sender domains."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from django.core.management.base import CommandError, OutputWrapper
from django.utils.translation import gettext as _

from depeche.delivery import mail_domains
from depeche.delivery.examining.examination import Examination
from depeche.delivery.examining.findings import Finding, Level, as_read, level_of
from depeche.delivery.mail_domain_words import LEVELS, said, verdict
from depeche.delivery.pace import UnclearDomain, domain_key
from depeche.newsletters import sender_domains


def run(out: OutputWrapper, *, domain: str = "", as_json: bool = False) -> bool:
    """Examine this domain, or all that newsletters come from, and keep what is found of those; whether one is red.

    Raises:
        CommandError: this is no domain, or there is none.
    """
    ours = sender_domains.domains()
    try:
        wanted: Collection[str] = [domain_key(domain)] if domain else ours
    except UnclearDomain as error:
        raise CommandError(str(error)) from error
    if not wanted:
        raise CommandError(_("No newsletter has a sender address yet: Settings › Newsletters."))
    if not domain:
        mail_domains.forget_others(ours)
    found = [_examined(one, is_kept=one in ours) for one in wanted]
    if as_json:
        out.write(json.dumps([_facts(one) for one in found], ensure_ascii=False))
    else:
        for one in found:
            _write(one, out)
    return any(one.level is Level.RED for one in found)


def _examined(domain: str, *, is_kept: bool) -> Examination:
    if not is_kept:
        return mail_domains.look_up(domain)
    row = mail_domains.refresh(domain)
    return Examination(domain, tuple(mail_domains.findings_of(row)))


def _facts(found: Examination) -> dict[str, Any]:
    return {
        "domain": found.domain,
        "level": found.level,
        "findings": [
            {
                **finding.as_json(),
                "line": finding.mend.line if finding.mend else None,
                "meaning": said(finding).meaning,
                "todo": said(finding).todo,
            }
            for finding in found.findings
        ],
    }


def _write(found: Examination, out: OutputWrapper) -> None:
    standing = LEVELS[level_of(found.findings)]
    named = _("%(domain)s: %(standing)s.") % {"domain": as_read(found.domain), "standing": standing}
    out.write(f"{named} {verdict(found.level)}")
    for finding in found.findings:
        _write_one(finding, out)
    out.write("")


def _write_one(finding: Finding, out: OutputWrapper) -> None:
    words = said(finding)
    about = _("%(about)s: %(name)s") % {"about": words.about, "name": finding.name}
    out.write(f"\n  [{words.level}] {about if finding.name else words.about}")
    if finding.found:
        out.write("    " + _("“%(words)s”") % {"words": finding.found})
    for sentence in (words.meaning, words.todo, words.mending):
        if sentence:
            out.write(f"    {sentence}")
    if finding.mend:
        out.write(f"      {finding.mend.line}")
