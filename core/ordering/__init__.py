"""Orders: placing, numbering, states, confirming, releasing and cancelling them."""
