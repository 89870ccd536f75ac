"""The push: one pointer for each center, and nothing else.

No content is copied, and no local value is touched: one that the new edition does not allow is in
conflict from the moment the pointer moves, because what holds is computed.  So the work depends on
the number of centers; what takes time is to tell each of them how many of its values that concerns.

    what holds = edition's revision ‖ city's amendment (a `merged` edition) ‖ pins ‖ local values

Everything here runs with the reach PUSH: the database lets it move pointers below the owner of
the standard, or its own, and nothing else.
"""

from jinzhu.standards.push.moving import LOCKS, adopt, base_of, merged_of, moves, take_turns
from jinzhu.standards.push.pinned import repin
from jinzhu.standards.push.touched import Move, changed, columns

__all__ = [
    "LOCKS",
    "Move",
    "adopt",
    "base_of",
    "changed",
    "columns",
    "merged_of",
    "moves",
    "repin",
    "take_turns",
]
