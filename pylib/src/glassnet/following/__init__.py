"""Runs followed while other processes train them, and shown by the site's pages.

`Series` thins a curve, `FollowedRun` reads one run's log as it grows, `Following` finds the runs in
folders and says what is new, `look` reads one network, and `WatchServer` serves it all, with the
built site.  It only reads: a run does not know that it is watched.
"""

from glassnet.following.following import Following
from glassnet.following.run import FollowedRun
from glassnet.series import Series

__all__ = ["FollowedRun", "Following", "Series"]
