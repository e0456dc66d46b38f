"""Notices to people: what partners and our own staff are told, on which channel, in which words; was it seen?"""
