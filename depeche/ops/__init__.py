"""Running Dépêche: start, doctor, setting up, the demo."""
