"""Does somebody still hold the file open to write to it? The kernel knows, for local file systems."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
from pathlib import Path


def is_open_for_writing(path: Path) -> bool:
    """Tell whether another program has the file open for writing.

    A feeder scanner pauses between pages of a TIFF that is whole after every page; only its open
    handle (the file server's, for a scanner on the network) tells that more is to come. Where the
    kernel will not say (a network mount, somebody else's file), the answer is False. Raises
    FileNotFoundError.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    except FileNotFoundError:
        raise
    except OSError:
        return False
    try:
        # A read lease is granted only while nobody has the file open for writing. Should somebody
        # open it before the lease is given back, the kernel signals; SIGURG is ignored, the usual
        # SIGIO would end the program.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN
    finally:
        os.close(descriptor)
    return False
