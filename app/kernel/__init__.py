"""The ground floor: time, ids, the acting person, errors, the database, keys, limits.

Owns what every capability stands on and nothing that a clinician would recognise.
Does not own pages, sockets or rules of care. Is told by nobody.
"""
