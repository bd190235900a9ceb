"""Who may open what, written by hand: every route and every socket event, for every kind of person.

The object is Ada's: her visit, her record, her account. "out" stands for three browsers alike:
one that never signed in, one with the cookie of a sign-in that was ended, and one of a person
whose account is disabled.

| word | the answer |
| --- | --- |
| `in` | sent to the sign-in page |
| `to` | done, and sent on to a page |
| a number | that status |
| `-` | as if it did not exist (404), to the letter as for an id that does not exist |
"""

from typing import Any, Final

#: The order of the columns below.
PEOPLE: Final = ("out", "ADA", "CLEO", "MARA", "NOOR", "THEO", "IVO", "INES")

VISIT: Final = "/visits/<id:visit>"
PATIENT: Final = "/patients/<id:patient>"
PERSON: Final = "/people/<id:person>"
MESSAGE: Final = {"channel": "room", "kind": "message.posted", "body": {"text": "Hello."}}
CARD: Final = {
    "address": "12 Orchard Lane",
    "emergency_number": "911",
    "sitter_name": "Ruth Brandt",
    "sitter_phone": "+1 503 555 0147",
}
PLAN: Final = {"patient": "{patient}", "starts_at": "2031-05-06T10:00", "minutes": "180"}

#: Method and rule -> (the answers, what is sent).      out  ADA  CLEO MARA NOOR THEO IVO  INES
ROUTES: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "GET /": ("                                      in   200  200  200  200  200  200  200", {}),
    "GET /healthz": ("                               200  200  200  200  200  200  200  200", {}),
    "GET /readyz": ("                                200  200  200  200  200  200  200  200", {}),
    "GET /static/<path:filename>": ("                200  200  200  200  200  200  200  200", {}),
    "GET /room-worker.js": ("                        200  200  200  200  200  200  200  200", {}),
    "GET /room-offline": ("                          200  200  200  200  200  200  200  200", {}),
    "GET /sign-in": ("                               200  to   to   to   to   to   to   to ", {}),
    "POST /sign-in": (
        "                                            400  400  400  400  400  400  400  400",
        {"email": "nobody@hearthside.example", "password": "not the one"},
    ),
    "POST /sign-out": ("                             in   in   in   in   in   in   in   in ", {}),
    "POST /appearance": (
        "                                            to   to   to   to   to   to   to   to ",
        {"theme": "dark"},
    ),
    "GET /account/zone": ("                          in   200  200  200  200  200  200  200", {}),
    "POST /account/zone": (
        "                                            in   to   to   to   to   to   to   to ",
        {"zone": "Europe/Berlin"},
    ),
    "GET /patients": ("                              in   -    -    200  200  200  200  -  ", {}),
    f"GET {PATIENT}/card": ("                        in   -    -    200  -    200  -    -  ", {}),
    f"POST {PATIENT}/card": ("                       in   -    -    to   -    to   -    -  ", CARD),
    f"GET {PATIENT}/circle": ("                      in   -    -    -    -    -    -    200", {}),
    f"POST {PATIENT}/circle": (
        "                                            in   -    -    -    -    -    -    to ",
        {"member": "{noor}"},
    ),
    f"POST {PATIENT}/circle/<id:member>/leave": (
        "                                            in   -    -    -    -    -    -    to ",
        {},
    ),
    f"POST {PERSON}/disable": ("                     in   -    -    -    -    -    -    to ", {}),
    f"POST {PERSON}/enable": ("                      in   -    -    -    -    -    -    to ", {}),
    "GET /visits/new": ("                            in   -    -    200  200  -    -    -  ", {}),
    # Ada cannot be chosen by Noor: her answer is that of a patient who does not exist.
    "POST /visits/new": ("                           in   -    -    to   400  -    -    -  ", PLAN),
    f"GET {VISIT}": ("                               in   200  -    200  -    200  -    -  ", {}),
    f"POST {VISIT}/cancel": ("                       in   -    -    to   -    -    -    -  ", {}),
    f"POST {VISIT}/restore": ("                      in   -    -    409  -    -    -    -  ", {}),
    f"GET {VISIT}/room": ("                          in   200  -    200  -    200  -    -  ", {}),
    f"POST {VISIT}/events": (
        "                                            401  200  -    200  -    200  -    -  ",
        {"json": MESSAGE},
    ),
    f"GET {VISIT}/events": ("                        401  200  -    200  -    200  -    -  ", {}),
    f"GET {VISIT}/readiness": ("                     in   200  -    200  -    200  -    -  ", {}),
    # What Ada drank is hers to answer, and nobody else's.
    f"POST {VISIT}/readiness/answers": (
        "                                            in   to   -    -    -    -    -    -  ",
        {"item": "alcohol", "value-answer": "none"},
    ),
    # Clinicians get the board, the patient where they stand.
    f"GET {VISIT}/readiness/board": ("               401  200  -    200  -    200  -    -  ", {}),
    # Who may clear learns that there is nothing to clear yet.
    f"POST {VISIT}/readiness/clear-item": (
        "                                            in   -    -    409  -    409  -    -  ",
        {"item": "sitter_sober", "reason": "Spoken to on the phone."},
    ),
    f"POST {VISIT}/readiness/clear": (
        "                                            in   -    -    409  -    -    -    -  ",
        {"seen": "0"},
    ),
    f"GET {VISIT}/readiness/round-trip": ("          401  200  -    200  -    200  -    -  ", {}),
    f"POST {VISIT}/readiness/round-trip": ("         401  200  -    200  -    200  -    -  ", {}),
    f"GET {VISIT}/notes": ("                         in   200  -    200  -    200  -    -  ", {}),
    # The shared note is saved over version 0 once; who comes after is shown both texts.
    f"POST {VISIT}/notes": (
        "                                            in   to   -    409  -    409  -    -  ",
        {"text": "{actor}", "base_version": "0"},
    ),
    f"GET {VISIT}/notes/latest": ("                  401  200  -    200  -    200  -    -  ", {}),
    f"GET {VISIT}/notes/sign": ("                    in   -    -    to   -    to   -    -  ", {}),
    f"POST {VISIT}/notes/sign": (
        "                                            in   -    -    400  -    400  -    -  ",
        {},
    ),
    f"POST {VISIT}/notes/addenda": (
        "                                            in   409  -    409  -    409  -    -  ",
        {"kind": "addendum", "text": "One thing more."},
    ),
    # Everybody's psychotherapy note is their own: it is there for clinicians of the circle alone.
    f"GET {VISIT}/notes/private": ("                 in   -    -    200  -    200  -    -  ", {}),
    f"POST {VISIT}/notes/private": (
        "                                            in   -    -    to   -    to   -    -  ",
        {"text": "{actor}", "base_version": "0"},
    ),
    f"GET {VISIT}/notes/private/latest": ("          401  -    -    200  -    200  -    -  ", {}),
    f"GET {VISIT}/notes/private/sign": ("            in   -    -    to   -    to   -    -  ", {}),
    f"POST {VISIT}/notes/private/sign": (
        "                                            in   -    -    400  -    400  -    -  ",
        {},
    ),
    f"POST {VISIT}/notes/private/addenda": (
        "                                            in   -    -    409  -    409  -    -  ",
        {"kind": "addendum", "text": "One thing more."},
    ),
}

#: Event -> (the answers, what is sent beside the visit). `ok`, `-` (not_found, as for an id that
#: does not exist), another code of the protocol, or `x`: the socket itself is refused.
#:                                                     out  ADA  CLEO MARA NOOR THEO IVO  INES
EVENTS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "enter": ("                                      x    ok   -    ok   -    ok   -    -  ", {}),
    "append": (
        "                                            x    ok   -    ok   -    ok   -    -  ",
        MESSAGE,
    ),
    "catch_up": (
        "                                            x    ok   -    ok   -    ok   -    -  ",
        {"channel": "room", "after": 0, "limit": 10},
    ),
    "mark": (
        "                                            x    ok   -    ok   -    ok   -    -  ",
        {"channel": "room", "delivered": 1, "read": 1},
    ),
    "beat": ("                          x    ok   -    ok   -    ok   -    -  ", {"visible": True}),
    "typing": (
        "                                            x    ok   -    ok   -    ok   -    -  ",
        {"channel": "room", "on": True},
    ),
    "rtc": (
        "                                            x    ok   -    ok   -    ok   -    -  ",
        {"to": "{participant}", "data": {}},
    ),
    "leave": ("                                      x    ok   -    ok   -    ok   -    -  ", {}),
    "watch": ("                                      x    ok   -    ok   -    ok   -    -  ", {}),
}

#: Kind -> (the answers when it is appended to Ada's room, the body). Legal moves only.
KINDS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "message.posted": ("      x  ok   -    ok   -    ok   -    -", {"text": "Hello."}),
    # The message is Mara's: for the others there is nothing of theirs to take back.
    "message.withdrawn": ("   x  -    -    ok   -    -    -    -", {"seq": 1}),
    "signal.sent": ("         x  ok   -    -    -    -    -    -", {"signal": "ok"}),
    "phase.entered": ("       x  -    -    ok   -    -    -    -", {"phase": "settling"}),
}

#: Channel of Ada's visit -> the answers to `catch_up`.
CHANNELS: Final = {
    "room": "                 x  ok   -    ok   -    ok   -    -",
    "sitter": "               x  -    -    ok   -    ok   -    -",
    "staff": "                x  -    -    ok   -    ok   -    -",
    "nothing": "              x  -    -    -    -    -    -    -",
}
