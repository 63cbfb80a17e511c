"""Dépêche reads, publishes and delivers for a newsroom that promises neutral and factual information."""
