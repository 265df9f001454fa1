"""Forbids system calls that a Django project does not need, and that lead out of a jail or to a neighbour.

Without `ctypes`, or on a processor that is not listed, nothing is forbidden.
"""

from __future__ import annotations

import errno
import platform
import struct
import sys

_SET_SECCOMP, _FILTER_MODE = 22, 2
_NO_NEW_PRIVILEGES = 38

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
"""Instructions: load a word, jump if it is equal to, at least, or has a bit of a number; end."""
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
"""Where the kernel puts what is known of a call, in bytes. All processors listed are little-endian."""
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000

_NEW_NAMESPACES = 0x7E020000
"""The flags of clone() that make a namespace."""
_OTHER_TABLE = 0x40000000
"""On x86-64 calls from this number on are those of another table (x32)."""

_NAMES = (
    *("unshare", "setns", "mount", "umount2", "pivot_root", "chroot", "fsopen", "fsmount", "move_mount"),
    *("open_tree", "mount_setattr", "open_by_handle_at", "ptrace", "process_vm_readv", "process_vm_writev"),
    *("keyctl", "add_key", "request_key", "bpf", "perf_event_open", "userfaultfd", "kexec_load"),
    *("init_module", "finit_module", "delete_module"),
)
_TABLES: dict[str, tuple[int, int, int, tuple[int, ...]]] = {
    # The kernel's number of the processor, clone, clone3, and the names above in their order.
    "x86_64": (
        0xC000003E,
        56,
        435,
        (
            *(272, 308, 165, 166, 155, 161, 430, 432, 429, 428, 442, 304, 101, 310, 311),
            *(250, 248, 249, 321, 298, 323, 246, 175, 313, 176),
        ),
    ),
    "aarch64": (
        0xC00000B7,
        220,
        435,
        (
            *(97, 268, 40, 39, 41, 51, 430, 432, 429, 428, 442, 265, 117, 270, 271),
            *(219, 217, 218, 280, 241, 282, 104, 105, 273, 106),
        ),
    ),
}


def program() -> bytes:
    """The filter for this processor, as the kernel reads it; empty where there is none."""
    table = _TABLES.get(platform.machine())
    if table is None or sys.byteorder != "little" or struct.calcsize("P") != 8:
        return b""
    architecture, clone, clone3, numbers = table
    refuse = _REFUSE | errno.EPERM
    code: list[tuple[int, int, int, int]] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, refuse),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _OTHER_TABLE),
        (_RETURN, 0, 0, refuse),
    ]
    for number in numbers:
        code += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, refuse)]
    code += [
        # The flags of clone3() lie in memory, where no filter looks; C libraries then call clone().
        (_EQUAL, 0, 1, clone3),
        (_RETURN, 0, 0, _REFUSE | errno.ENOSYS),
        (_EQUAL, 0, 3, clone),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_ANY_BIT, 0, 1, _NEW_NAMESPACES),
        (_RETURN, 0, 0, refuse),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return b"".join(struct.pack("<HBBI", *instruction) for instruction in code)


def install() -> bool:
    """Forbid these calls to this process and all that are forked from it; whether that was possible."""
    code = program()
    try:
        import ctypes
    except ImportError:  # some Pythons are built without it
        return False
    if not code:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    instructions = ctypes.create_string_buffer(code, len(code))
    # A number of instructions, and where they are: with the gap that C leaves between the two.
    described = ctypes.create_string_buffer(
        struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(instructions))
    )
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_SET_SECCOMP, _FILTER_MODE, ctypes.byref(described), 0, 0) == 0)
