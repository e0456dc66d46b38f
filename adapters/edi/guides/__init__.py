"""Partner guides: a directory message narrowed by data, how strictly it is judged, and where a partner says a field."""
