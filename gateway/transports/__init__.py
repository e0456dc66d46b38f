"""How bytes come in and go out: one package a transport, each with a receiving and a sending side.

A transport knows nothing of what the bytes mean and nothing of the store: the gateway gives it callables.
"""
