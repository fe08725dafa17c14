"""How a shared table is walled, and the statements that do it.

Each shared app says in its module `walls` what may be done to which rows of its tables. What a
wall doesn't name nobody may do at run time. The owner, who migrates and provisions, may do all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

EVERY_ROW = "true"
# Conditions are computed once a statement, not once a row: hence the (SELECT …) around each.
AT_RECEPTION = "(SELECT guard.kind()) = 'reception'"
BY_WORKER = "(SELECT guard.kind()) = 'worker'"
OWN_MUNICIPALITY = "municipality_id = (SELECT guard.municipality())"
OWN_RESIDENT = "resident_id = (SELECT guard.resident())"
# What a guardian may see a child has joined. An array, computed once, so that an index can be used.
OF_A_CHILD = "resident_id = ANY (ARRAY(SELECT guard.children()))"
OWN_ACCOUNT = "user_id = (SELECT guard.account())"
# Of another account of the same person, which was brought together with this one.
OF_MERGED = "resident_id = ANY (ARRAY(SELECT guard.merged()))"
BY_OPERATOR = "(SELECT guard.kind()) IN ('operator', 'reception')"
PERSONAL_POLICY = "here"
COMMANDS = ("select", "insert", "update", "delete")


def any_of(*conditions: str) -> str:
    return " OR ".join(f"({condition})" for condition in conditions)


@dataclass(frozen=True)
class Wall:
    """Of one table: for each command the rows it may touch, "" for none.

    `operator` names the commands that the operator's role alone may use, on every row or on those
    that `operator_rows` says.
    """

    table: str
    select: str = ""
    insert: str = ""
    update: str = ""
    delete: str = ""
    operator: tuple[str, ...] = ()
    operator_rows: str = EVERY_ROW

    def statements(self, owner: str, app: str, operator: str, schema: str = "public") -> list[str]:
        """SQL for roles of these names (quoted already); the table's old policies are gone."""
        table = f"{schema}.{self.table}"
        made = [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"REVOKE ALL ON {table} FROM PUBLIC, {app}, {operator}",
            f"CREATE POLICY owner ON {table} TO {owner} USING (true) WITH CHECK (true)",
        ]
        for command in COMMANDS:
            if condition := getattr(self, command):
                made += _allow(table, command, app, "app", condition)
            if command in self.operator:
                theirs = self.operator_rows
                rows = BY_OPERATOR if theirs == EVERY_ROW else f"{BY_OPERATOR} AND ({theirs})"
                made += _allow(table, command, operator, "operator", rows)
        return made


def personal_statements(schema: str, code: str, table: str, role: str) -> list[str]:
    """Of one table with people's data in a municipality's schema (names quoted already).

    Injected SQL may take another municipality's role, and with it that role's rights; it cannot
    sign that it is there. Not forced: the owner, who copies rows in and out, does not work here.
    """
    name = f"{schema}.{table}"
    return [
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
        f"DROP POLICY IF EXISTS {PERSONAL_POLICY} ON {name}",
        f"CREATE POLICY {PERSONAL_POLICY} ON {name} TO {role}"
        f" USING ((SELECT guard.here()) = '{code}')",
    ]


def _allow(table: str, command: str, role: str, name: str, condition: str) -> list[str]:
    clauses = {
        "select": f"USING ({condition})",
        "insert": f"WITH CHECK ({condition})",
        "update": f"USING ({condition}) WITH CHECK ({condition})",
        "delete": f"USING ({condition})",
    }
    verb = command.upper()
    return [
        f"GRANT {verb} ON {table} TO {role}",
        f"CREATE POLICY {name}_{command} ON {table} FOR {verb} TO {role} {clauses[command]}",
    ]


def reference(*tables: str) -> Iterable[Wall]:
    """Tables that carry nobody's data: everybody reads, nobody writes at run time."""
    return (Wall(table, select=EVERY_ROW) for table in tables)
