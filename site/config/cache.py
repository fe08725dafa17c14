"""A cache that is down is an empty one: pages and check-ins go on, a little slower."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    """Nothing that has to hold stands in the cache (limits are in the database), so what cannot
    be read is a miss, and what cannot be written is not kept."""

    def _try(self, ask: Callable[[], Any], otherwise: Any) -> Any:
        try:
            return ask()
        except RedisError:
            logger.warning("the cache does not answer", exc_info=True)
            return otherwise

    def add(self, *args: Any, **options: Any) -> bool:
        return bool(self._try(lambda: RedisCache.add(self, *args, **options), False))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._try(lambda: RedisCache.get(self, key, default, version), default)

    def set(self, *args: Any, **options: Any) -> None:
        self._try(lambda: RedisCache.set(self, *args, **options), None)

    def touch(self, *args: Any, **options: Any) -> bool:
        return bool(self._try(lambda: RedisCache.touch(self, *args, **options), False))

    def delete(self, *args: Any, **options: Any) -> bool:
        return bool(self._try(lambda: RedisCache.delete(self, *args, **options), False))

    def get_many(self, *args: Any, **options: Any) -> dict[Any, Any]:
        return dict(self._try(lambda: RedisCache.get_many(self, *args, **options), {}))

    def has_key(self, *args: Any, **options: Any) -> bool:
        return bool(self._try(lambda: RedisCache.has_key(self, *args, **options), False))

    def set_many(self, data: Any, *args: Any, **options: Any) -> list[Any]:
        return list(
            self._try(lambda: RedisCache.set_many(self, data, *args, **options), list(data))
        )

    def delete_many(self, *args: Any, **options: Any) -> None:
        self._try(lambda: RedisCache.delete_many(self, *args, **options), None)
