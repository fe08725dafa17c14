"""What must be fast, measured. `./run bench NAME [--json]`; nothing here asserts a time."""
