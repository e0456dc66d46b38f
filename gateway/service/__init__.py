"""The running gateway: transports, dispatcher, timers, carrier calls, API and console in one process."""
