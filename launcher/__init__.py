"""What `./run` does: the environment's processes, not the product.

Each module is one idea: what the machine says (`surroundings`), system libraries (`system`),
the account PostgreSQL runs under (`unprivileged`), the embedded database (`postgres`,
`clusters`), children and their supervision (`processes`), what a killed run left behind
(`leftovers`), logs on screen (`logs`), the development mail server (`mailbox`), missing
translations (`messages`). `commands/` holds one module for each command.

Only the standard library, psycopg and aiosmtpd are used, and never Django: the launcher must
start in a moment, and must still work when the product does not.
"""
