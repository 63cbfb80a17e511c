"""Background work: Huey, the worker, and the one safe way out to the web."""
