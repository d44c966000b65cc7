"""The native contender: CPython's numpy, in a process of its own with one thread of OpenBLAS.

Started by contenders.py; reads one request a line and answers each with a line, both JSON.
"""

from __future__ import annotations

import json
import platform
import sys
from pathlib import Path

import numpy as np

from bench import digits
from bench.trial import Trials
from bench.workloads import JUDGED


def main() -> None:
    parts = digits.read(Path(sys.argv[1]))
    images, labels = parts["test"]
    trials = Trials(parts["train"], (images[:JUDGED], labels[:JUDGED]))
    print(json.dumps({"python": platform.python_version(), "numpy": np.__version__}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        workload = request["workload"]
        answer = None
        if request["type"] == "warm":
            trials.warm(workload, "numpy", request["seconds"])
        else:
            answer = trials.run(workload, "numpy", request["judge"])
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
