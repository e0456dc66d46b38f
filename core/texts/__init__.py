"""What is told to people, as data: one file a language (LNG-01)."""
