"""Returns: what a customer asks to send back, under a number of its own, judged by the policy."""
