"""The data folder: locked by one process, written atomically, with errors explained in Chinese."""

import errno
import os
import shutil
import socket
import tempfile
import time
from pathlib import Path

from filelock import FileLock, Timeout

ENOUGH_BYTES = 256 * 1024
REASONS = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "只能读，不能写",
    errno.ENOSPC: "没有剩余空间",
    errno.EDQUOT: "超出了磁盘配额",
    errno.EFBIG: "不能再写大",
    errno.ENOTDIR: "路径里有一段不是文件夹",
    errno.EEXIST: "同名的文件挡住了文件夹",
    errno.ENOENT: "路径不存在",
    errno.EIO: "磁盘读写出错",
    errno.EADDRINUSE: "已经被别的程序占用",
    errno.EADDRNOTAVAIL: "本机没有这个地址",
    socket.EAI_NONAME: "没有这个主机名",
}


class IndexUnavailable(Exception):
    """The index cannot be opened; the message (Chinese) says why and what to do."""


def reason(problem: OSError) -> str:
    """Why the operating system refused a file or an address, in Chinese where the cause is a usual one."""
    return REASONS.get(problem.errno or 0, f"{problem.strerror or problem}")


def unusable(folder: Path, problem: OSError) -> IndexUnavailable:
    """The error for a folder that cannot be written."""
    return IndexUnavailable(
        f"数据目录 {folder} 用不了（{reason(problem)}）。请检查权限和剩余空间，或用 BOT_DATA_DIR 指定另一个目录。"
    )


def refuse_unwritable(folder: Path, needed: int = ENOUGH_BYTES) -> None:
    """Make the folder where it is missing. Raises IndexUnavailable when `needed` bytes cannot be written into it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(folder).free < needed:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        with tempfile.TemporaryFile(dir=folder) as trial:
            trial.write(bytes(ENOUGH_BYTES))
            trial.flush()
    except OSError as problem:
        raise unusable(folder, problem) from problem


def take(folder: Path) -> FileLock:
    """Lock the folder, as Chroma loses rows when two processes write. The holder leaves its name.

    Raises IndexUnavailable when another process has it.
    """
    holder, lock = folder / "index.holder", FileLock(folder / "index.lock", thread_local=False)
    try:
        lock.acquire(timeout=0)
        write_whole(holder, f"进程号 {os.getpid()}，启动于 {time.strftime('%Y-%m-%d %H:%M:%S')}")
    except Timeout as taken:
        who = holder.read_text(encoding="utf-8", errors="replace") if holder.exists() else "未知进程"
        raise IndexUnavailable(
            f"数据目录 {folder} 正被另一个进程使用({who})。请先停止它，或用 BOT_DATA_DIR 指定另一个目录。"
        ) from taken
    except OSError as problem:
        lock.release()
        raise unusable(folder, problem) from problem
    return lock


def write_whole(path: Path, text: str) -> None:
    """Write a small file atomically: a reader sees the old one or the new one."""
    part = path.with_suffix(path.suffix + ".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
