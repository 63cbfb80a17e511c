"""The drawings of the demo newspaper, one module each, all cut with the tools of `sheet`."""
