"""The credit account: payments, temporary limits with their approval, review of held orders, warnings."""
