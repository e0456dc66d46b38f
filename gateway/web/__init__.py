"""The HTTP door: the API under ``/api/v1``, health probes, metrics and the event stream.

``contract`` declares endpoints, ``binding`` runs them, ``openapi`` describes them, ``problems`` answers faults;
the modules under ``routes`` are thin: they name shapes and scopes and call the core in a worker thread.
"""
