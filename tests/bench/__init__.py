"""The benchmarks: `python3 build.py bench`. They measure and report; they pass or fail nothing."""
