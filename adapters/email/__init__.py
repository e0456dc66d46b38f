"""Orders by mail and fax: unpacked, read as pages of words, and understood with a reason for every field."""
