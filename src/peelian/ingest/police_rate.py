"""The publisher's rate limit, kept on our side: a bucket of tokens that refills."""

from __future__ import annotations

import threading
from collections.abc import Callable


class TokenBucket:
    """At most `burst` calls at once, and `per_second` a second after that.

    data.police.uk allows 15 a second with bursts of 30 and answers 429 beyond. clock and
    sleep are given by the caller, in seconds.
    """

    def __init__(
        self,
        *,
        per_second: float,
        burst: int,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self._per_second = per_second
        self._burst = float(burst)
        self._clock = clock
        self._sleep = sleep
        self._tokens = float(burst)
        self._as_of = clock()
        self._lock = threading.Lock()

    def take(self) -> None:
        """Take one token, waiting until there is one."""
        with self._lock:
            now = self._clock()
            self._tokens = min(self._burst, self._tokens + (now - self._as_of) * self._per_second)
            self._as_of = now
            self._tokens -= 1
            wait_s = -self._tokens / self._per_second
        # A debt is paid by waiting outside the lock: the next caller waits for its own turn.
        if wait_s > 0:
            self._sleep(wait_s)
