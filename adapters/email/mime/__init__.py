"""Mails as trees of parts (RFC 5322, RFC 2045 to 2047, RFC 2231; MS-OXMSG)."""
