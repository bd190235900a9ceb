"""States in the words of those who read them: a tone and a few words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from app.readiness.queries import Summary


def greeting(local: datetime) -> str:
    """Return what one says at this time of day."""
    if local.hour < 12:
        return "Good morning"
    return "Good afternoon" if local.hour < 18 else "Good evening"


def readiness_words(check: Summary) -> tuple[str, str]:
    """Return a check as a tone and a few words for a clinician's list."""
    if check.result == "stop":
        return "stop", "Stop, urgent answer" if check.is_urgent else "Stop"
    if check.is_urgent:
        return "stop", "Urgent answer"
    if check.result == "unfinished":
        begun = f"Check {check.answered} of {check.total}" if check.answered else "Check not begun"
        return "plain", begun
    if check.result == "review":
        answers = "1 answer" if check.reviews == 1 else f"{check.reviews} answers"
        return "review", f"{answers} to look at"
    return ("ok", "Ready, cleared") if check.open else ("info", "Ready to be cleared")


def unsigned_words(age: timedelta) -> tuple[str, str]:
    """Return how long a note waits for a signature, as a tone and words."""
    hours = int(age.total_seconds() // 3600)
    if hours < 1:
        return "plain", "less than an hour"
    if hours < 24:
        return "plain", "1 hour" if hours == 1 else f"{hours} hours"
    days = hours // 24
    return "review", "1 day" if days == 1 else f"{days} days"
