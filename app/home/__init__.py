"""The first page of everyone: the one thing to do now.

Owns no data. It folds what the floors below know into a page per role. Is told by nobody.
"""
