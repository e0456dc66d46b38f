"""What the read models ask of the database: pages by key, whole batches of belongings, sums."""
