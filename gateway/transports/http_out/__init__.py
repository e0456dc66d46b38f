"""HTTP outwards: one client for event hooks and shops, which goes nowhere that it must not."""
