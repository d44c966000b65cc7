"""A sweep as one file: a zip archive of its folder, which a page saves and opens, and from which
the command line goes on.

Only the files of a sweep are taken out of it, whatever else it holds and wherever they lie in it.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

from glassnet.errors import ConfigError, StorageError
from glassnet.run_folder import CHECKPOINT, LOG, WEIGHTS
from glassnet.sweeping.folder import PLAN, RESULTS, RUNS

MOST = 1 << 30  # bytes that its files may have, unpacked
EPOCH = (1980, 1, 1, 0, 0, 0)  # of zip: the same sweep gives the same bytes
_OURS = re.compile(
    rf"(?:.*/)?({re.escape(PLAN)}|{re.escape(RESULTS)}"
    rf"|{RUNS}/[0-9]{{1,6}}/(?:{re.escape(LOG)}|{re.escape(CHECKPOINT)}|{re.escape(WEIGHTS)}))",
    re.ASCII,
)


def pack(files: Mapping[str, bytes]) -> bytes:
    """The archive of a sweep's files by name, as `runs/03/log.jsonl`."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), files[name], zipfile.ZIP_DEFLATED)
    return target.getvalue()


def read(source: Path | bytes) -> dict[str, bytes]:
    """A sweep's files by name, out of an archive.

    Raises:
        StorageError: it is none, it is damaged, it is too large, or there is no sweep in it.
    """
    name = str(source) if isinstance(source, Path) else "the sweep's file"
    files: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(source if isinstance(source, Path) else io.BytesIO(source)) as archive:
            ours = [(i, m[1]) for i in archive.infolist() if (m := _OURS.fullmatch(i.filename))]
            if sum(entry.file_size for entry, _ in ours) > MOST:
                raise StorageError(f"{name}: larger than the limit of {MOST:,} bytes, unpacked")
            for entry, own in ours:
                if own in files:
                    raise StorageError(f"{name}: {own} is twice in it")
                files[own] = archive.read(entry)  # no more than it says; else it is damaged
    except OSError as error:
        raise StorageError(f"{name}: {error.strerror or error}") from error
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, ValueError) as error:
        raise StorageError(f"{name}: no sweep that was saved: {error}") from error
    except (RuntimeError, NotImplementedError) as error:  # encrypted, or packed in another way
        raise StorageError(f"{name}: {error}") from error
    if PLAN not in files:
        raise StorageError(f"{name}: no {PLAN} in it")
    return files


def lay_out(files: Mapping[str, bytes], folder: Path) -> None:
    """Put a sweep's files into a folder, where there is none yet.

    Raises:
        ConfigError: there is a sweep in it already.
        StorageError: it cannot be written.
    """
    if (folder / PLAN).exists():
        raise ConfigError("out", f"{folder}: holds a sweep already; it can be resumed")
    try:
        for name, data in sorted(files.items(), key=lambda one: one[0] == PLAN):  # the plan last
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
    except OSError as error:
        raise StorageError(f"{folder}: {error.strerror or error}") from error
