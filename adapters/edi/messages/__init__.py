"""The messages that are read and written, one file each; ``registry`` lists them."""
