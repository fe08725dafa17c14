"""Ideas every app shares; each file holds one."""
