"""The only door in: keep the bytes, recognise repeats, judge every document once, explain what happened."""
