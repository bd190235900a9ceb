"""Facts and folds, whatever happens in whatever order."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.clock import rfc3339
from app.kernel.errors import BadRequest
from app.kernel.ids import new_id
from app.room import events
from app.room.folds import Entry, RoomState, fold
from app.room.phases import DOSING, FIRST, LAST, MOVES, NAMES, PHASES, is_legal
from app.room.sentences import sentence

BEGIN = datetime(2026, 11, 22, 14, tzinfo=UTC)
texts = st.text(min_size=1, max_size=40).map(lambda text: f"x{text}x")
ids = st.uuids().map(str)
facts = st.one_of(
    st.builds(events.MessagePosted, text=texts),
    st.builds(events.MessageWithdrawn, seq=st.integers(1, 1000)),
    st.builds(events.SignalSent, signal=st.sampled_from(events.SIGNALS)),
    st.builds(events.PhaseEntered, phase=st.sampled_from(PHASES)),
    st.builds(events.ParticipantEntered, participant=ids),
    st.builds(events.ParticipantLost, participant=ids),
    st.builds(events.ParticipantReturned, participant=ids),
    st.builds(events.ParticipantLeft, participant=ids),
    st.builds(events.ReadinessCleared, clearance=ids),
    st.just(events.VisitEnded()),
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def entries(happened):
    return [
        Entry("room", seq, new_id(), "somebody", BEGIN + timedelta(seconds=seq), event)
        for seq, event in enumerate(happened, start=1)
    ]


def test_the_strategy_knows_every_kind():
    made = {*events.BY_PEOPLE, *events.BY_SERVER}
    assert len(made) == 10


@given(st.lists(facts), st.integers(0, 20))
def test_folding_in_two_steps_is_folding_in_one(happened, cut):
    all_of_it = entries(happened)
    assert fold(all_of_it[cut:], fold(all_of_it[:cut])) == fold(all_of_it)


@given(st.lists(facts))
def test_the_state_is_that_of_the_last_of_each_kind(happened):
    state = fold(entries(happened))
    moved = [rfc3339(e.at) for e in entries(happened) if isinstance(e.event, events.PhaseEntered)]
    assert (state.begun, state.since) == ((moved[0], moved[-1]) if moved else (None, None))
    phases = [event.phase for event in happened if isinstance(event, events.PhaseEntered)]
    signals = [event.signal for event in happened if isinstance(event, events.SignalSent)]
    assert state.phase == (phases[-1] if phases else FIRST)
    assert (state.signal.signal if state.signal else None) == (signals[-1] if signals else None)
    assert state.ended == any(isinstance(event, events.VisitEnded) for event in happened)


@given(facts)
def test_what_is_written_is_what_is_read(event):
    assert events.restore(event.kind, event.body()) == event


@given(facts)
def test_every_fact_has_a_sentence(event):
    if not isinstance(event, events.MessageWithdrawn):
        assert sentence(event, "Ada")


@given(st.one_of(st.sampled_from([*events.BY_PEOPLE]), st.text()), anything)
def test_whatever_is_sent_is_an_event_or_a_refusal_that_names_the_field(kind, body):
    refused = ""
    try:
        event = events.parse(kind, body)
    except BadRequest as refusal:
        refused = refusal.field
    else:
        assert events.restore(event.kind, event.body()) == event
        return
    assert refused


@given(st.sampled_from([*events.BY_SERVER]), anything)
def test_nobody_appends_in_the_servers_name(kind, body):
    with pytest.raises(BadRequest) as refusal:
        events.parse(kind, body)
    assert refusal.value.field == "kind"


@given(st.lists(st.sampled_from(PHASES)))
def test_no_way_leads_back_before_a_dose_nor_out_of_the_end(asked):
    phase, been = FIRST, [FIRST]
    for then in asked:
        if is_legal(phase, then):
            phase = then
            been.append(phase)
    assert been == sorted(been, key=PHASES.index)
    assert been.count(DOSING) <= 1
    assert LAST not in been[:-1]


@pytest.mark.parametrize("phase", PHASES)
def test_a_visit_can_be_brought_to_its_end_from_every_phase(phase):
    seen, frontier = {phase}, [phase]
    while frontier:
        frontier = [then for now in frontier for then in MOVES[now] if then not in seen]
        seen.update(frontier)
    assert LAST in seen
    assert NAMES[phase]


def test_an_ended_visit_offers_no_move():
    ended = fold(entries([events.PhaseEntered(LAST), events.VisitEnded()]))
    assert ended.to_wire()["next"] == []
    assert RoomState().to_wire()["next"] == list(MOVES[FIRST])
