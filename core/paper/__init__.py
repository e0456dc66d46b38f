"""Orders on paper: which readings of a document are accepted, by what evidence, and what a person has to look at."""
