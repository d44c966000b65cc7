"""Training examples, dealt out: each rank keeps some, and passes on what others need in a step.

Whose part of a batch an example is, the shuffle decides anew in each epoch; where it lies never
changes. So each rank keeps neighbours, one in R of all images, and sends from them what the others
are to take next: a message to each of them, with no more in it than its part of the batch. Labels,
a byte each, every rank has.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from glassnet.data.dataset import Bytes, Split
from glassnet.parallel.group import Group

Fetched = tuple[Split, NDArray[np.intp]]  # some examples, and in which order to use them


class Dealt:
    """This rank's examples of a split that all ranks share.

    Args:
        labels: uint8 (n,), of the whole split.
        images: uint8 (m, rows, columns), those between this rank's two of `group.bounds(n)`.
    """

    def __init__(self, labels: Bytes, images: Bytes, group: Group) -> None:
        self.labels, self.images, self._group = labels, images, group
        self._bounds = group.bounds(len(labels))

    def __len__(self) -> int:
        return len(self.labels)

    def fetch(self, rows: NDArray[np.intp]) -> Fetched:
        """This rank's part of a batch. All ranks call this at once, with the same batch.

        Args:
            rows: the examples of the whole batch, in its order.

        Returns:
            Some examples; and the order in which they are this rank's part.

        Raises:
            LostRank: a rank is gone.
        """
        group, rank = self._group, self._group.rank
        if group.size == 1:
            return Split(self.images, self.labels), rows
        parts = [group.part(len(rows), taker)[0] for taker in range(group.size)]
        wanted = np.concatenate([rows[part] for part in parts])
        takers = np.repeat(np.arange(group.size), [part.stop - part.start for part in parts])
        keepers = np.searchsorted(self._bounds[1:], wanted, side="right")
        ours, to_us = keepers == rank, takers == rank
        images = group.exchange(
            self.images[wanted[ours] - self._bounds[rank]],
            np.bincount(takers[ours], minlength=group.size),
            np.bincount(keepers[to_us], minlength=group.size),
        )
        came = np.argsort(keepers[to_us], kind="stable")  # one sender's after another's
        order = np.empty_like(came)
        order[came] = np.arange(len(came))
        return Split(images, self.labels[wanted[to_us][came]]), order


def keep(split: Split, group: Group) -> Dealt:
    """What this rank keeps of a split that it has the whole of."""
    return Dealt(split.labels, _shares(split, group)[group.rank], group)


def hand_out(split: Split, group: Group) -> None:
    """On rank 0: give each of the others what it keeps. Raises LostRank."""
    group.share((split.labels, split.images.shape[1:]))
    group.send(_shares(split, group))


def _shares(split: Split, group: Group) -> list[Bytes]:
    """The images that each rank keeps; views."""
    return np.split(split.images, group.bounds(len(split))[1:-1])


def receive(group: Group) -> Dealt:
    """On the others: what rank 0 hands out. Raises LostRank."""
    labels, shape = group.share(None)
    begin, end = group.bounds(len(labels))[group.rank :][:2]
    images = np.empty((end - begin, *shape), np.uint8)
    group.receive(images)
    return Dealt(labels, images, group)
