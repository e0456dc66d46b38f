"""UN/EDIFACT: reader (dialect, lexer, envelope, compiled directory, validator, one module a message) and writers."""
