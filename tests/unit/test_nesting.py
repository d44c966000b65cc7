"""A document nested too deep is refused before anything recurses into it."""

from __future__ import annotations

import pytest

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


def test_readers_refuse_it_by_name() -> None:
    deep = '{"a":' * 100_000
    header = deep.encode()
    with pytest.raises(StorageError, match="nested more than"):
        parse_safetensors(len(header).to_bytes(8, "little") + header)
    with pytest.raises(StorageError, match=r"run\.jsonl, line 1: not JSON: nested more than"):
        parse_runlog(deep + "\n", name="run.jsonl")
