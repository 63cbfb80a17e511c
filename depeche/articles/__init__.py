"""What journalists write: articles, sections, people; their import and publication."""
