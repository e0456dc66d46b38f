"""The console: server-rendered pages that live by Server-Sent Events, without third-party script.

A page is a view function and a template; what changes while somebody looks is sent as the same fragments that the
page was made of. Nothing on it acts but the Release form.
"""
