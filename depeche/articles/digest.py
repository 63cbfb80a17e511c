"""Whether the content of an article changed, whatever else was saved."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .models import Article


def digest_of(article: Article) -> str:
    """SHA-256 (hex) of what readers read of `article`: equal digests, same content."""
    content: list[Any] = [
        article.title,
        article.standfirst,
        article.dateline,
        _without_ids(article.body.get_prep_value()),
        [byline.person_id for byline in article.bylines.all()],
    ]
    beside = {
        "kind": article.kind if article.kind != "reportage" else "",
        "sponsor": article.sponsor,
        "picture": article.picture_id
        and [article.picture_id, article.picture_alt, article.picture_caption, article.picture_credit],
        "sources": [source.as_read() for source in article.sources.all()],
    }
    content += [(name, value) for name, value in beside.items() if value]
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def _without_ids(value: Any) -> Any:
    """Blocks without the identifiers the editor gives them: the same words are the same content."""
    if isinstance(value, dict):
        return {key: _without_ids(inner) for key, inner in value.items() if key != "id"}
    if isinstance(value, (list, tuple)):
        return [_without_ids(inner) for inner in value]
    return value
