"""The live visit: one append-only log, and everything people see folded from it.

Owns the visit log, participants, presence, marks, phases and signals. Does not own readiness
(it asks the gate) nor notes (they read the log's transcript). Is told by scheduling when a visit
is planned and by readiness when a check is cleared.
"""
