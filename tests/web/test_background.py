"""The watchers of a serving process: none of them is ever gone for good."""

import pytest

from app.factory import background


def test_a_watcher_that_meets_a_fault_is_begun_again(caplog):
    begun = []

    def watch():
        begun.append(len(begun))
        if len(begun) == 3:
            raise KeyboardInterrupt  # as when the process ends
        if len(begun) == 1:
            raise ValueError("what a patient wrote")

    with pytest.raises(KeyboardInterrupt):
        background.keep(watch, pause=lambda _seconds: None)
    assert begun == [0, 1, 2]
    assert [record.name for record in caplog.records] == ["hearthside.incidents"]
    assert "what a patient wrote" not in caplog.text
