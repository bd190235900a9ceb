"""Visits in time.

Owns the visit: whose, with whom, of what kind, when, and whether it is cancelled. Booking, slots
and reminders will live here too. Does not own what happens in a visit (readiness, room, notes).
Is told by the therapist's pages and the demonstration loader.
"""
