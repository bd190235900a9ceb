"""Named refusals. Each carries what the reader needs; `web.errors` turns them into answers.

Contract for actions: a refusal is raised before anything is written.
"""

from __future__ import annotations

from typing import ClassVar


class Refusal(Exception):  # noqa: N818  (a refusal is an answer, not a fault)
    """Something asked for is not done; `code` is the protocol's word for why."""

    code: ClassVar[str] = "internal"
    default: ClassVar[str] = "This cannot be done."

    def __init__(self, message: str = "") -> None:
        """Keep the sentence that the asking person reads."""
        self.message = message or self.default
        super().__init__(self.message)


class Unauthenticated(Refusal):
    """Nobody is signed in, or the sign-in has ended."""

    code = "unauthenticated"
    default = "Please sign in again."


class NotFound(Refusal):
    """The thing does not exist for this person, whatever the reason."""

    code = "not_found"
    default = "There is nothing here that you can open."


class BadRequest(Refusal):
    """The input has the wrong form; `field` names the part."""

    code = "bad_request"
    default = "Something in this is not right."

    def __init__(self, message: str = "", *, field: str) -> None:
        """Keep the field whose value is wrong."""
        super().__init__(message)
        self.field = field


class NotNow(Refusal):
    """The phase or the gate forbids it at this moment."""

    code = "not_now"
    default = "This is not possible at this moment."


class TooLarge(Refusal):
    """More was sent than is taken at once."""

    code = "too_large"
    default = "This is too large to send."


class TooOften(Refusal):
    """Asked for too often; `retry_after` says in how many seconds it may be tried again."""

    code = "too_often"
    default = "That was too many tries. Please wait a moment."

    def __init__(self, message: str = "", *, retry_after: float) -> None:
        """Keep the seconds to wait."""
        super().__init__(message)
        self.retry_after = retry_after


class Busy(Refusal):
    """The database is away or overloaded; nothing was stored and a retry is welcome."""

    code = "busy"
    default = "We cannot save right now. Please try again in a moment."
