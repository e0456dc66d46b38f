"""Master data files: TOML to checked models to rows, with every fault told at once by its key path."""

from gateway.master_data.loading import load, load_file

__all__ = ["load", "load_file"]
