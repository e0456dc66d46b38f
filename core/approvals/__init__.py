"""Approvals of held orders by several people: asked for, decided, handed on, escalated."""
