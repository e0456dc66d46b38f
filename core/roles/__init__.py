"""Who may do what: roles, the operations that each may call, the holds that it may release, and what it may see."""
