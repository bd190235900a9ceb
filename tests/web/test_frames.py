"""Our reading of WebSocket frames against wsproto's, which is the authority."""

from hypothesis import given
from hypothesis import strategies as st
from wsproto.connection import Connection, ConnectionState, ConnectionType
from wsproto.events import Message, TextMessage

from app.web import frames

texts = st.text(st.characters(exclude_categories=["Cs"])) | st.integers(0, 70_000).map("ü".__mul__)


def client():
    return Connection(ConnectionType.CLIENT)


@given(st.lists(texts, min_size=1, max_size=4))
def test_what_a_client_sends_is_read_as_wsproto_meant_it(said):
    sender = client()
    buffer = b"".join(sender.send(Message(data=text)) for text in said)
    heard, at = [], 0
    while found := frames.head(buffer, at):
        assert found.is_whole_text
        assert found.leaves_open is False
        heard.append(frames.text_of(buffer, found))
        at = found.end
    assert (heard, at) == (said, len(buffer))


@given(texts)
def test_what_we_send_is_read_by_wsproto_as_we_meant_it(text):
    receiver = client()
    receiver.receive_data(frames.text_frame(text))
    heard = "".join(event.data for event in receiver.events() if isinstance(event, TextMessage))
    assert heard == text
    assert receiver.state is ConnectionState.OPEN


@given(texts, st.data())
def test_a_frame_that_is_cut_short_is_waited_for(text, data):
    whole = client().send(Message(data=text))
    part = whole[: data.draw(st.integers(0, len(whole) - 1))]
    found = frames.head(part, 0)
    assert found is None or found.end == len(whole)


def test_pieces_and_bytes_are_left_to_wsproto():
    sender = client()
    first = sender.send(Message(data="one", message_finished=False))
    last = sender.send(Message(data="two"))
    data = client().send(Message(data=b"bytes"))
    heads = [frames.head(frame, 0) for frame in (first, last, data)]
    assert [each.is_whole_text for each in heads] == [False, False, False]
    assert [each.leaves_open for each in heads] == [True, False, False]
