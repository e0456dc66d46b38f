"""Tells people of alerts: who hears of which cause, when, and that it is over."""
