"""One module for each command: `execute(surroundings, arguments) -> exit status`."""
