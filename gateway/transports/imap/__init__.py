"""Mail inwards by IMAP: fetches what lies in a mailbox, and moves it away once it is kept (RFC 9051)."""
