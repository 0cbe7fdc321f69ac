"""What a system says of a place that fails, in the reader's language.

The system speaks its own: a Chinese page of ``No space left on device``, an English one of what
Chinese Windows says.
"""

from __future__ import annotations

import errno

from village_eval.words.said import Said

OF_WINDOWS = {
    5: "EACCES",
    **dict.fromkeys((32, 33), "SHARING"),
    **dict.fromkeys((39, 112), "ENOSPC"),
    19: "EROFS",
    206: "ENAMETOOLONG",
    **dict.fromkeys((23, 1117), "EIO"),
    **dict.fromkeys((21, 55, 1167), "ENODEV"),
    **dict.fromkeys((53, 67), "EHOSTUNREACH"),
    **dict.fromkeys((59, 64), "ENOTCONN"),
    121: "ETIMEDOUT",
}
"""Windows' own numbers, which Python counts as EACCES, EINVAL or ENOENT."""
ALSO = {"EWOULDBLOCK": "EAGAIN", "EOPNOTSUPP": "ENOTSUP", "EDEADLOCK": "EDEADLK"}
"""Two names of one number (which of them Python tells differs by system)."""

SPOKEN = frozenset(
    [
        "SHARING",
        "ENOSPC",
        "EDQUOT",
        "EROFS",
        "EACCES",
        "EPERM",
        "ENOENT",
        "EEXIST",
        "ENOTDIR",
        "EISDIR",
        "ENOTEMPTY",
        "ENAMETOOLONG",
        "ELOOP",
        "EXDEV",
        "EFBIG",
        "EIO",
        "ENODEV",
        "ENXIO",
        "EBUSY",
        "ETXTBSY",
        "EMFILE",
        "ENFILE",
        "EAGAIN",
        "ENOMEM",
        "ESTALE",
        "ENOTCONN",
        "ECONNREFUSED",
        "ECONNRESET",
        "EHOSTDOWN",
        "EHOSTUNREACH",
        "ENETUNREACH",
        "ETIMEDOUT",
        "EILSEQ",
        "ENOTSUP",
    ]
)
"""What is said in words of ours."""
NO_ROOM = ("ENOSPC", "EDQUOT", "EROFS")
"""The place takes nothing more: the next county would fail there too."""
OUR_OWN = (errno.EBADF, errno.EINVAL)
"""What the system says of a program's mistakes; the rest it says of places and devices."""
WHAT_TO_DO = {
    **dict.fromkeys(("ENOSPC", "EDQUOT"), "room"),
    "EROFS": "read_only",
    **dict.fromkeys(("SHARING", "EBUSY", "ETXTBSY"), "close"),
    **dict.fromkeys(("ENAMETOOLONG", "EILSEQ"), "shorten"),
    **dict.fromkeys(("EMFILE", "ENFILE", "EAGAIN", "ENOMEM"), "fewer"),
    **dict.fromkeys(("EIO", "ENODEV", "ENXIO", "ESTALE", "ENOTCONN", "ETIMEDOUT"), "device"),
}


def refused_by_system(error: BaseException | None) -> OSError | None:
    """What the system refused, be it only the cause of what was raised.

    An archive that cannot be closed on a full disk complains of itself, and so does a table.
    """
    first = error
    while error is not None:
        if isinstance(error, OSError):
            told = error.filename is not None or error.errno not in OUR_OWN
            if told and (error is first or condition(error) in NO_ROOM):
                return error
        error = error.__cause__ or error.__context__
    return None


def condition(error: OSError) -> str:
    """What happened, by the name that systems give it (``ENOSPC``); "" where there is none."""
    windows = OF_WINDOWS.get(getattr(error, "winerror", None) or 0)
    name = windows or errno.errorcode.get(error.errno or 0, "")
    return ALSO.get(name, name)


def system_reason(error: OSError) -> Said:
    """Why the system refused. What has no words of ours shows the system's and its number."""
    name = condition(error)
    if name in SPOKEN:
        return Said(f"messages.system.{name}")
    told = error.strerror or str(error) or type(error).__name__
    number = getattr(error, "winerror", None) or error.errno
    if number is None:  # a library's own: "Cannot save file into a non-existent directory"
        return Said("messages.system.unnumbered", {"words": told})
    return Said("messages.system.other", {"words": told, "number": str(number)})


def what_to_do(error: OSError) -> Said:
    """What the reader may do about it; where nothing better is known, look at path or drive."""
    otherwise = "device" if error.filename is None else "path"
    return Said(f"messages.system_action.{WHAT_TO_DO.get(condition(error), otherwise)}")
