"""Calls to data.police.uk: their pace, their repetition, and what an HTTP status means there.

Errors of the service mostly have empty bodies. 503 means either that the area holds more
than about 10,000 records or that the service is down; a small call beside it tells which.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import msgspec

from peelian.core.errors import PublisherError
from peelian.core.extras import require_extra
from peelian.ingest.police_rate import TokenBucket

if TYPE_CHECKING:
    import httpx

BASE_URL = "https://data.police.uk/api"
Record = dict[str, Any]

_LONGEST_WAIT_S = 60.0


class Transport:
    """Calls the service at its pace, and again while it is busy or down.

    base_url: where the service is. per_second, burst: its published limits. attempts: how
    often a call is made before it is given up. timeout_s: a polygon with 6,009 stops took
    17 s to answer. clock, sleep: in seconds. Needs the extra `fetch`.
    """

    def __init__(
        self,
        *,
        base_url: str = BASE_URL,
        per_second: float = 15,
        burst: int = 30,
        attempts: int = 5,
        timeout_s: float = 120,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        require_extra("fetch", to="ask the police.uk service")
        self._base_url = base_url.rstrip("/")
        self._attempts = attempts
        self._timeout_s = timeout_s
        self._sleep = sleep
        self._bucket = TokenBucket(per_second=per_second, burst=burst, clock=clock, sleep=sleep)

    def close(self) -> None:
        """Let go of the connections."""
        if "_client" in self.__dict__:
            self._client.close()

    def list_from(self, route: str, query: Mapping[str, str] | None = None) -> list[Record]:
        """The objects of a list that a GET answers."""
        return _list_of(self._asked("GET", route, query=query))

    def list_unless_too_large(self, route: str, form: Mapping[str, str]) -> list[Record] | None:
        """The objects of a list that a POST answers; None where the area holds too many.

        Form-encoded: the service takes no JSON, and no address longer than 4,094 characters.
        """
        answer = self._asked("POST", route, form=form)
        is_too_large = answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
        return None if is_too_large else _list_of(answer)

    def body_unless_missing(
        self, route: str, query: Mapping[str, str] | None = None
    ) -> bytes | None:
        """What a GET answers, as sent; None where the service knows no such thing (404)."""
        answer = self._asked("GET", route, query=query)
        return None if answer.status_code == HTTPStatus.NOT_FOUND else _body(answer)

    def _asked(
        self,
        method: str,
        route: str,
        *,
        query: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """One answer. A 503 to a form is given back where the service is up otherwise."""
        import httpx

        went_wrong, wait_s = "", 0.0
        for attempt in range(self._attempts):
            if attempt:
                self._sleep(wait_s)
            wait_s = min(2.0**attempt, _LONGEST_WAIT_S)
            self._bucket.take()
            try:
                answer = self._client.request(method, f"/{route}", params=query, data=form)
            except httpx.TransportError as error:
                went_wrong = f"no answer ({type(error).__name__})"
                continue
            status = answer.status_code
            is_settled = status < 500 and status != HTTPStatus.TOO_MANY_REQUESTS
            may_be_too_large = status == HTTPStatus.SERVICE_UNAVAILABLE and form is not None
            if is_settled or (may_be_too_large and self._is_up()):
                return answer
            went_wrong = f"status {status}"
            wait_s = max(wait_s, _retry_after_s(answer))
        raise PublisherError(
            f"data.police.uk should answer {route}; after {self._attempts} attempts it still "
            f"gives {went_wrong}. The service is down or busy, or this machine is not "
            f"connected: try again later. What was fetched before is kept."
        )

    def _is_up(self) -> bool:
        import httpx

        self._bucket.take()
        try:
            return self._client.get("/crime-last-updated").status_code == HTTPStatus.OK
        except httpx.TransportError:
            return False

    @cached_property
    def _client(self) -> httpx.Client:
        import httpx

        return httpx.Client(
            base_url=self._base_url,
            timeout=self._timeout_s,
            headers={"Accept": "application/json"},
        )


def misshapen(what: str) -> PublisherError:
    """An answer is not what the service's documentation describes."""
    return PublisherError(
        f"data.police.uk answers in the JSON that data.police.uk/docs describes; its answer "
        f"to {what} is not that. Try again later, or compare the documentation."
    )


def _body(answer: httpx.Response) -> bytes:
    if answer.status_code != HTTPStatus.OK:
        raise PublisherError(
            f"data.police.uk should answer {answer.url.path} with records; it answers status "
            f"{answer.status_code}. Its layout may have changed: compare data.police.uk/docs."
        )
    return answer.content


def _list_of(answer: httpx.Response) -> list[Record]:
    try:
        return msgspec.json.decode(_body(answer), type=list[Record])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise misshapen(answer.url.path) from error


def _retry_after_s(answer: httpx.Response) -> float:
    """Seconds the service asks to wait, as a number or a date; at most a minute."""
    from datetime import UTC, datetime
    from email.utils import parsedate_to_datetime

    written = answer.headers.get("Retry-After", "")
    try:
        wait_s = (
            float(written)
            if written.isdecimal()
            else (parsedate_to_datetime(written) - datetime.now(UTC)).total_seconds()
        )
    except (TypeError, ValueError):
        return 0.0
    return min(max(wait_s, 0.0), _LONGEST_WAIT_S)
