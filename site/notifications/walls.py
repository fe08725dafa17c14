"""The wall of the outbox: work for later, which the worker alone reads (and `enqueue` writes)."""

from tenants.postgresql.walls import BY_WORKER, Wall

WALLS = [Wall("notifications_outboxmessage", select=BY_WORKER, insert=BY_WORKER, update=BY_WORKER)]
