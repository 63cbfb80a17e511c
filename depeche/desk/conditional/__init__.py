"""Which conditionals are hearsay, and why the others are not."""
