"""The gate before Flask: sign-ins by turns, sockets by the number, and nobody else waits for it."""

import threading
from contextlib import ExitStack

import pytest
import requests

from app.kernel.errors import TooOften
from app.web.gate import MOST_SOCKETS, sign_ins
from app.web.turnstile import Turnstile
from bench.wire import upgraded
from tests.cast import ADA
from tests.programs import wait_until
from tests.sockets import LivePerson
from tests.wire import call_for_help, into_their_room

HELP_WITHIN = 1.0
HELD_FOR = 0.5


def test_a_flood_of_sign_ins_is_held_back_and_help_is_heard(live, clinic, arrive):
    ada, mara = into_their_room(clinic, arrive)
    many = sign_ins.of_one + 10
    together = threading.Barrier(many)
    answers = []

    def guess(number):
        stranger = LivePerson(live.url)
        fields = {"email": f"x{number}@x.example", "password": "x" * 10}
        fields["csrf_token"] = stranger.token()
        together.wait(60)
        answers.append(stranger.http.post(f"{live.url}/sign-in", data=fields))
        stranger.close()

    flood = [threading.Thread(target=guess, args=(n,)) for n in range(many)]
    for each in flood:
        each.start()
    took = []
    while any(each.is_alive() for each in flood):
        took.append(call_for_help(ada, mara, clinic.visit.id))
    assert sorted(took)[len(took) * 9 // 10] < HELP_WITHIN
    assert {answer.status_code for answer in answers} == {400, 429}
    refused = min(
        (answer for answer in answers if answer.status_code == 429),
        key=lambda answer: answer.elapsed,
    )
    # Asking again at once costs whoever asks the time, and not the room.
    assert refused.elapsed.total_seconds() > HELD_FOR
    assert int(refused.headers["Retry-After"]) > 0
    assert "try again in a moment" in refused.text


def test_sockets_of_strangers_are_counted_and_those_who_are_signed_in_get_theirs(live, arrive):
    ada = arrive(ADA)
    with ExitStack() as lines:
        for _ in range(MOST_SOCKETS):
            lines.enter_context(upgraded(live.url))
        headers = {"Connection": "Upgrade", "Upgrade": "websocket"}
        path = f"{live.url}/socket.io/?EIO=4&transport=websocket"
        answer = requests.get(path, headers=headers, timeout=10)
        assert (answer.status_code, int(answer.headers["Retry-After"])) == (429, 10)
        assert ada.socket().is_open


def test_addresses_take_turns_and_too_many_are_told_when_to_come_again():
    stile = Turnstile(at_once=1, of_one=2, of_all=3)
    order = []
    let_go = threading.Event()

    def hold():
        with stile.turn("first"):
            let_go.wait(10)

    def pass_through(address):
        with stile.turn(address):
            order.append(address)

    threads = [threading.Thread(target=hold)]
    threads[0].start()
    wait_until(lambda: stile.inside == 1, within=5, what="somebody inside")
    for waiting, address in enumerate(("many", "many", "one"), start=1):
        threads.append(threading.Thread(target=pass_through, args=(address,)))
        threads[-1].start()
        wait_until(lambda count=waiting: stile.waiting == count, within=5, what="the queue")
    for address in ("many", "other"):
        with pytest.raises(TooOften) as refusal, stile.turn(address):
            pass
        assert refusal.value.retry_after > 0
    let_go.set()
    for thread in threads:
        thread.join(10)
    assert order == ["many", "one", "many"]
    assert (stile.inside, stile.waiting) == (0, 0)
