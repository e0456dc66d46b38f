"""The order desk's checks in four groups - customer, credit, availability, price - and the holds they set."""
