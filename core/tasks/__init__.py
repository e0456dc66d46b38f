"""Tasks for people: routed by role, with a reminder, a due time and an outcome."""
