"""What a page may hold; pure Python."""
