"""Ways to damage a file: cut, flipped, spliced, repeated, lengthened, and what a format adds."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

Mutation = Callable[[random.Random, bytes], bytes]


def mutated(
    valid: list[bytes], attacks: list[bytes], extra: list[Mutation], count: int, seed: int
) -> Iterator[bytes]:
    """`count` files: every attack, truncations of the first 64 bytes (all of them, if they are not
    more than half of the rest), then mutations."""
    yield from attacks
    rng = random.Random(seed)
    rest = count - len(attacks)
    cuts = [file[:size] for file in valid for size in range(min(64, len(file)))]
    cuts = rng.sample(cuts, min(len(cuts), rest // 2))
    yield from cuts
    ways = [cut, flip, flip, splice, repeat, append, *extra, *extra]
    for _ in range(rest - len(cuts)):
        file = rng.choice(valid)
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            file = rng.choice(ways)(rng, file)
        yield file


def cut(rng: random.Random, file: bytes) -> bytes:
    return file[: rng.randrange(len(file) + 1)]


def flip(rng: random.Random, file: bytes) -> bytes:
    """One to four bytes replaced, more often near the start, where the headers are."""
    changed = bytearray(file)
    for _ in range(rng.randint(1, 4)):
        if changed:
            end = rng.choice((len(changed), min(len(changed), 40)))
            changed[rng.randrange(end)] = rng.choice((rng.randrange(256), 0, 255, 45, 48, 57))
    return bytes(changed)


def splice(rng: random.Random, file: bytes) -> bytes:
    begin = rng.randrange(len(file) + 1)
    end = rng.randrange(begin, len(file) + 1)
    return file[:begin] + file[end:]


def repeat(rng: random.Random, file: bytes) -> bytes:
    begin = rng.randrange(len(file) + 1)
    end = min(len(file), begin + rng.randint(1, 64))
    return file[:end] + file[begin:end] + file[end:]


def append(rng: random.Random, file: bytes) -> bytes:
    return file + bytes(rng.randint(1, 255) for _ in range(rng.randint(1, 20)))
