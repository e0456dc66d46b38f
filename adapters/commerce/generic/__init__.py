"""Any shop that sends JSON: what is where in it is told by expressions, as data (JMESPath)."""
