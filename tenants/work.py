"""Tasks say for whom they work, or fail before they begin."""

from __future__ import annotations

from typing import Any, ClassVar

from celery import Task

from tenants.actors import Actor, ActorMissing, acting, worker
from tenants.context import municipality_context, public_context
from tenants.models import Municipality

MUNICIPALITY = "municipality"


class ActedTask(Task):
    """The base of every task of ours (`config.celery`).

    A task names its actor (`acts_as`), or whoever calls it names a municipality in the message's
    headers (`call_for`); then it runs in that schema as the worker there. Raises `ActorMissing`
    where neither is so. What a worker did before is forgotten: each task begins anew.
    """

    abstract = True
    acts_as: ClassVar[Actor | None] = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        code = str((self.request.headers or {}).get(MUNICIPALITY, ""))
        actor = worker(code) if code else self.acts_as
        if actor is None:
            raise ActorMissing(f"{self.name} says neither for whom it works nor where")
        with acting(actor), public_context():
            if not code:
                return super().__call__(*args, **kwargs)
            with municipality_context(Municipality.objects.get(pk=code)):
                return super().__call__(*args, **kwargs)


def call_for(municipality: Municipality, task: Task, *args: Any, **kwargs: Any) -> Any:
    """Have a worker run `task` for `municipality`."""
    return task.apply_async(args, kwargs, headers={MUNICIPALITY: municipality.code}, retry=False)
