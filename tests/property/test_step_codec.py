"""Every step of a destruction comes back from its JSON as it was, whatever people wrote into it."""

from __future__ import annotations

import json
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.register.store.codec import dump_json
from index.retention.step_codec import _CODECS, digest_step, pack_step, unpack_step
from index.retention.steps import BeginExecution, FinishExecution, Step

KINDS = get_args(Step)
# `eligible` is any collection of ids; it comes back as a set.
IDS = st.frozensets(st.integers(1, 2**40), max_size=5)
STEPS = st.one_of(
    st.builds(BeginExecution, st.text(), st.dates(), IDS),
    st.builds(FinishExecution, IDS),
    *(st.from_type(kind) for kind in KINDS if kind not in (BeginExecution, FinishExecution)),
)


@given(step=STEPS)
def test_a_step_comes_back(step: Step) -> None:
    packed = pack_step(step)
    assert unpack_step(json.loads(json.dumps(packed))) == step
    assert digest_step(json.loads(dump_json(packed))) == digest_step(packed)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_of_step_can_be_kept(kind: type) -> None:
    assert kind in _CODECS
    assert len({name for name, *_ in _CODECS.values()}) == len(KINDS)


def test_an_unknown_kind_is_not_guessed() -> None:
    with pytest.raises(KeyError):
        unpack_step({"step": "burn"})
