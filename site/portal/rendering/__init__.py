"""Documents of the portal. Pure functions: text in, bytes out; no database, no settings."""
