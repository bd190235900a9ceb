"""The doors: routes, sockets, the sign-in cookie, headers, errors and templating they all share.

Owns how a request or a socket event gets in, who is asking, and how an answer or a refusal looks.
Does not own any page of a capability, nor who may sign in (accounts tells it, through
`identity.know_people_by` and `sockets`).
"""
