"""Where each planted bug is found soonest."""

FOUND_BY: dict[str, int] = {
    "whoever wrote it says yes to it": 26,
    "a yes is of whatever lies there": 28,
    "who is on the do-not-mail list is mailed all the same": 3,
    "somebody's own template is told to all": 1,
    "everybody is asked again after a deferral": 20,
    "mail is journaled in the inbox where it lies, wherever its conversation is": 21,
    "an undo forgets what the status said": 1,
    "a mirror misses an event": 1,
    "who knew a conversation before does not hear what it is when it comes back": 7,
    "a message gets lost when a merge is taken back": 20,
    "what came with a merge is no news": 23,
    "a server's work is not fenced by its duty": 15,
    "a server that stood still sends without a look at its duty": 13,
    "taking a merge back forgets how it stood": 16,
    "a ticket beside a ticket": 4,
    "no rule of the team's asks for a check": 49,
    "whoever loses an inbox keeps what was theirs there": 29,
    "nobody who left is stopped": 3,
}
"""The seed that finds what seed 0 does not, to be tried first: it saves time, and proves nothing. Where it finds it no more, others do."""
