"""People at work: how they sign in, what their role lets them do, what waits for them, how they leave."""
