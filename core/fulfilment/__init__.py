"""From the confirmed order to the signed delivery: release, pack, book, ship, track."""
