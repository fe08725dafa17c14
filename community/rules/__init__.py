"""Who may read and write in a room."""
