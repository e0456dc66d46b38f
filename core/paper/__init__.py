"""Orders on paper: what mail and fax say, read with its place and its certainty (INT-05)."""
