"""Where each planted bug is found soonest."""

FOUND_BY: dict[str, int] = {
    "whoever wrote it says yes to it": 4,
    "a yes is of whatever lies there": 3,
    "who is on the do-not-mail list is mailed all the same": 2,
    "somebody's own template is told to all": 1,
    "an unknown reply is sent again by itself": 1,
    "everybody is asked again after a deferral": 4,
    "mail is journaled in the inbox where it lies, wherever its conversation is": 4,
    "an undo forgets what the status said": 1,
    "a mirror misses an event": 1,
    "who knew a conversation before does not hear what it is when it comes back": 9,
    "a message gets lost when a merge is taken back": 13,
    "what came with a merge is no news": 16,
    "a server's work is not fenced by its duty": 8,
    "a server that stood still sends without a look at its duty": 13,
    "taking a merge back forgets how it stood": 49,
    "tags are erased in the events, and stay in the state": 30,
}
"""The seed that finds what seed 0 does not, to be tried first: it saves time, and proves nothing. Where it finds it no more, others do."""
