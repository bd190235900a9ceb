"""People of the clinic, their roles, and signing in.

Owns persons, passwords, sign-ins (server-side, so that they end everywhere at once) and the
access version that tells every process to look again. Does not own who may be near which patient
(care). Is told by the command line and the sign-in page.
"""
