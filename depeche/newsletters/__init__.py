"""Editions: what goes out, to whom, and how it looks."""
