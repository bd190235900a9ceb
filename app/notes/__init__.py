"""What becomes of a visit afterwards: the notes, in layers that never mix.

Owns the integration note that the patient and the circle's clinicians write together, the
psychotherapy note that nobody but its author ever reads, their signatures and their addenda.
Does not own the conversation (it reads the room's transcript) nor whose visit it is (scheduling).
Is told by nobody; it hints to open pages of the visit that the shared note changed.
"""
