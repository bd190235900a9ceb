"""Who did and who read what.

Owns the audit rows, which nothing ever changes. Does not own the visit log, whose events are
their own record of who did what when. Is told by every action that changes or opens something.
"""
