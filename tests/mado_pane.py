"""The program in a pane of tmux: it gives the pane to a `mado` that is forked elsewhere, and lives as long as that one.

    python mado_pane.py SOCKET STATUS

Over the socket goes the environment, with the terminal and with what both live by: whoever kills this program kills that `mado`, too.
"""

import fcntl
import json
import os
import select
import signal
import socket
import sys
import termios

LINGER_MILLISECONDS = 200
"""As in tmux_terminal.py: until tmux has read what was written last."""


def main(place: str, status: str) -> None:
    # Only a terminal that is nobody's becomes another one's, and to give it up is to hang up.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    fcntl.ioctl(0, termios.TIOCNOTTY)
    life, theirs = socket.socketpair()
    with theirs, socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as asked:
        asked.connect(place)
        socket.send_fds(asked, [json.dumps(dict(os.environ)).encode()], [0, theirs.fileno()])
    with life.makefile() as end:
        code = int(end.readline())
    window = select.poll()
    window.register(0, 0)  # a closed window is not waited for
    window.poll(LINGER_MILLISECONDS)
    with open(status, "w") as noted:
        noted.write(f"{code if code >= 0 else 128 - code}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
