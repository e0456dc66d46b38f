"""The composition root: transports, dispatcher, CLI, API and console around the core."""

__version__ = "0.1.0.dev0"
