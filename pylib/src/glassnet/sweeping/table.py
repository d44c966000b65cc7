"""The results of a sweep as a table: a row for each setting, with only what differs, and its seeds
as one number and a band."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from glassnet.sweeping.settings import SEED, Point

Json = dict[str, Any]


def differing(points: Sequence[Point]) -> list[str]:
    """The fields, apart from the seed, that do not have the same value in all runs."""
    fields = dict.fromkeys(field for point in points for field in point.settings if field != SEED)
    return [
        field
        for field in fields
        if len({json.dumps(point.settings.get(field)) for point in points}) > 1
    ]


def rows(points: Sequence[Point], results: Mapping[int, Json]) -> list[Json]:
    """A row for each setting: the settings that differ; how many runs there are of it, and of these
    how many are done; and of those the mean, least and most of what was measured at their ends.

    The best come first: by accuracy on the validation examples if there are some, else on the test
    examples. Settings of which no run is done come last.
    """
    fields, groups = differing(points), dict[str, list[Point]]()
    for point in points:
        setting = {field: value for field, value in point.settings.items() if field != SEED}
        groups.setdefault(json.dumps(setting), []).append(point)
    table = []
    for group in groups.values():
        told = [results[p.number] for p in group if p.number in results]
        done = [line for line in told if line["outcome"] == "done"]
        row: Json = {"settings": {field: group[0].settings[field] for field in fields}}
        row |= {"runs": len(group), "done": len(done)}
        for split in ("validation", "test"):
            for measure in ("accuracy", "loss"):
                values = [line[split][measure] for line in done if split in line]
                if values:
                    row[f"{split}_{measure}"] = band(values)
        table.append(row)
    return sorted(table, key=_merit, reverse=True)


def band(values: Sequence[float]) -> Json:
    """Mean, least and most."""
    return {"mean": sum(values) / len(values), "min": min(values), "max": max(values)}


def _merit(row: Json) -> float:
    judged: Json = row.get("validation_accuracy") or row.get("test_accuracy") or {"mean": -1.0}
    return float(judged["mean"])


def draw(points: Sequence[Point], results: Mapping[int, Json]) -> str:
    """The table as text, and below it what failed."""
    table = rows(points, results)
    measures = [key for key in ("validation_accuracy", "test_accuracy", "test_loss")
                if any(key in row for row in table)]  # fmt: skip
    head = [*differing(points), "runs", *(key.replace("_", " ") for key in measures)]
    lines = [head]
    for row in table:
        settings = [_short(value) for value in row["settings"].values()]
        runs = str(row["runs"]) if row["done"] == row["runs"] else f"{row['done']} of {row['runs']}"
        measured = [_told(row[key], "accuracy" in key) if key in row else "-" for key in measures]
        lines.append([*settings, runs, *measured])
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    text = [
        "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
        for cells in lines
    ]
    bad = [(n, line) for n, line in sorted(results.items()) if line["outcome"] != "done"]
    if bad:
        text.append("")
    for number, result in bad:
        which = ", ".join(f"{k}={_short(v)}" for k, v in result["settings"].items())
        text.append(f"run {number} ({which}) {result['outcome']}: {result['reason']}")
    return "\n".join(text)


def _short(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def _told(value: Json, share: bool) -> str:
    """A mean, and its band if it has one: `96.10% (95.80-96.40)`."""
    mean, low, high = (100 * value[k] if share else value[k] for k in ("mean", "min", "max"))
    digits, unit = (2, "%") if share else (4, "")
    told = f"{mean:.{digits}f}{unit}"
    return told if low == high else f"{told} ({low:.{digits}f}–{high:.{digits}f})"
