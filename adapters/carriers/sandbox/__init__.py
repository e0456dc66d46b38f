"""The sandbox carrier: a carrier of our own that takes bookings, prints labels and delivers within seconds."""
