"""A curve with few points, however long it gets, that knows what is new in it."""

from __future__ import annotations

LIMIT = 512  # points: more than a chart on a screen can show of one run among many


class Series:
    """Values at steps, each point the mean of `span` of them; `span` doubles when there are too
    many points.

    Attributes:
        span: how many values a point stands for; the last may stand for fewer.
    """

    def __init__(self) -> None:
        self.span = 1
        self._points: list[tuple[int, float, int]] = []  # last step, mean, version of the change
        self._filled = 0  # values in the last point
        self._thinned = 0  # version at which all points changed

    def __len__(self) -> int:
        return len(self._points)

    def add(self, step: int, value: float, version: int) -> None:
        """One more value; `version` grows from call to call, or stays."""
        if self._points and self._filled < self.span:
            _, mean, _ = self._points[-1]
            self._filled += 1
            self._points[-1] = step, mean + (value - mean) / self._filled, version
            return
        if len(self._points) == LIMIT:
            pairs = zip(self._points[::2], self._points[1::2], strict=True)
            self._points = [(b[0], (a[1] + b[1]) / 2, version) for a, b in pairs]
            self.span *= 2
            self._thinned = version
        self._points.append((step, value, version))
        self._filled = 1

    def since(self, version: int) -> tuple[int, list[tuple[int, float]]]:
        """What somebody lacks who knows this series as it was at `version`: from which point on,
        and those points, (step, mean)."""
        start = 0
        if version >= self._thinned:
            start = len(self._points)
            while start and self._points[start - 1][2] > version:
                start -= 1
        return start, [(step, mean) for step, mean, _ in self._points[start:]]
