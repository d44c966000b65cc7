"""Asking a network for reasons: what made it answer, what it would take to answer otherwise, what a
step did to it, and what each of its units is there for.

Nothing in here changes the network that is asked: whatever has to be tried is tried on a copy.
"""
