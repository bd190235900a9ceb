"""The readiness check, which answers whether today is safe.

Owns what is asked before a dosing visit (as versioned data), the answers, who cleared what, and
the gate that dosing goes through. Does not own the visit (scheduling) nor the phases that ask the
gate (room, which is told of every change by `CheckCleared` and `ReadinessChanged`). Is told by the
patient's device, the patient and the therapist.
"""
