"""Who reads us by mail, and what they agreed to."""
