"""A document nested too deep is refused before anything recurses into it."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassnet.errors import StorageError
from glassnet.storage.nesting import DEEPEST, check_nesting
from glassnet.storage.runlog import parse_runlog
from glassnet.storage.safetensors import parse_safetensors


def test_what_a_document_of_ours_looks_like_passes() -> None:
    text = '{"a": [[1, 2], {"b": []}], "c": {}}'
    assert check_nesting(text) == text
    assert check_nesting("[]" * 1000)
    assert check_nesting("[" * DEEPEST + "]" * DEEPEST)


def test_deeper_is_refused() -> None:
    with pytest.raises(ValueError, match="nested more than 64 deep"):
        check_nesting("[{" * 33)


def test_brackets_in_strings_are_text() -> None:
    closing = json.dumps("]" * 1000 + chr(92))
    opening = json.dumps("[" * 1000 + chr(34))
    assert check_nesting(f"[{opening}, {closing}]")
    layers = ("[" * 60 + closing + ",") * 5  # each string would hide sixty
    with pytest.raises(ValueError, match="nested more than 64 deep"):
        check_nesting(layers)
    with pytest.raises(ValueError, match="closes what none has opened"):
        check_nesting("]" * 1000 + "[" * 1000)


@pytest.mark.parametrize(
    "text", ['"' * 500_001, (chr(92) + '"') * 300_000, '"' + chr(92) * 500_001]
)
def test_strings_without_an_end_take_no_time(text: str) -> None:
    begin = time.perf_counter()
    check_nesting(text)
    assert time.perf_counter() - begin < 1


@given(
    st.recursive(
        st.none() | st.text() | st.integers(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ),
    st.booleans(),
)
def test_it_counts_as_the_reader_does(document: object, ascii_only: bool) -> None:
    def depth(part: object) -> int:
        if isinstance(part, list | dict):
            parts = part.values() if isinstance(part, dict) else part
            return 1 + max(map(depth, parts), default=0)
        return 0

    text = json.dumps(document, ensure_ascii=ascii_only)
    assert check_nesting(text, depth(document)) == text
    if depth(document):
        with pytest.raises(ValueError, match="nested more than"):
            check_nesting(text, depth(document) - 1)


def test_readers_refuse_it_by_name() -> None:
    deep = '{"a":' * 100_000
    header = deep.encode()
    with pytest.raises(StorageError, match="nested more than"):
        parse_safetensors(len(header).to_bytes(8, "little") + header)
    with pytest.raises(StorageError, match=r"run\.jsonl, line 1: not JSON: nested more than"):
        parse_runlog(deep + "\n", name="run.jsonl")
