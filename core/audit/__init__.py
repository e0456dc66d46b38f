"""Evidence: hash-chained events, the sealer that orders them, and the proofs that find an edit."""
