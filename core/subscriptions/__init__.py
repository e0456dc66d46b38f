"""Event subscriptions: which facts go to whom, each delivery with its tries, replay and dead letters."""
