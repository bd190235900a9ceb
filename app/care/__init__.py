"""Patients and the circle of people allowed near each of them.

Owns the patient's record head: data key, contact card, care circle. Does not own accounts
(below) nor visits (above). Is told by the command line, the admin's pages and the patient's card.
"""
