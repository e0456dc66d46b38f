"""From pages of words to what a document says: every value with its place and the way it was found."""
