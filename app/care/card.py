"""The emergency contact card: what the therapist needs in hand when something happens.

Fields after clinical.md 1.5 and 4.4: the exact place, who is there, whom to call, what is known.
"""

from __future__ import annotations

from typing import Final

#: Field name -> (label, hint). Order is the order on the card.
CARD_FIELDS: Final = {
    "address": ("Address of the visit", "Street, unit, city, state, country"),
    "entry_notes": ("How to get in", "Door code, gate, pets, stairs"),
    "emergency_number": (
        "Local emergency number",
        "The number for the patient's place, with the 10-digit dispatch line if there is one",
    ),
    "sitter_name": ("Sitter", "The sober adult who stays in the house"),
    "sitter_phone": ("Sitter's phone", ""),
    "contact_name": ("Emergency contact", "Not the sitter"),
    "contact_phone": ("Emergency contact's phone", ""),
    "allergies": ("Allergies", "Write “none known” if that is so"),
    "medicines": ("Medicines", "Regular ones, with what was taken today"),
}

#: Without these the card does not do its work.
NEEDED: Final = ("address", "emergency_number", "sitter_name", "sitter_phone")


def missing(card: dict[str, str] | None) -> list[str]:
    """Return the labels of the needed fields that are still empty."""
    kept = card or {}
    return [CARD_FIELDS[field][0] for field in NEEDED if not kept.get(field)]
