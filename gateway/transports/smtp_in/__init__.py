"""Mail inwards by SMTP or LMTP: a mail server, or a fax server, hands over what it has for us (RFC 5321, RFC 2033)."""
