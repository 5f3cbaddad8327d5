from __future__ import annotations

import errno
import os
import random
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from amtstudio.atomic_file import (
    create_atomically,
    remove_leftovers,
    temporary_file,
    write_atomically,
)
from amtstudio.errors import (
    AmtStudioError,
    CannotCreateOutputError,
    OutputExistsError,
    OutputWriteError,
)

posix_only = pytest.mark.skipif(os.name != "posix", reason="POSIX files")
not_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere"
)

OLD, NEW = b"old " * 1000, b"new " * 3000


@pytest.fixture
def target(tmp_path):
    path = tmp_path / "out.mid"
    path.write_bytes(OLD)
    return path


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_a_new_file_is_written_and_nothing_else_is_left(tmp_path):
    write_atomically(tmp_path / "out.mid", NEW, overwrite=False)
    assert (tmp_path / "out.mid").read_bytes() == NEW
    assert names(tmp_path) == ["out.mid"]


def test_an_existing_file_is_kept_unless_told(target):
    with pytest.raises(OutputExistsError, match=r"out\.mid already exists \(use --overwrite\)"):
        write_atomically(target, NEW, overwrite=False)
    assert target.read_bytes() == OLD
    write_atomically(target, NEW, overwrite=True)
    assert target.read_bytes() == NEW
    assert names(target.parent) == ["out.mid"]


def test_a_file_that_appears_during_the_write_is_kept(tmp_path, monkeypatch):
    target = tmp_path / "out.mid"
    sync = os.fsync

    def another_program_is_faster(descriptor):
        sync(descriptor)
        target.write_bytes(OLD)

    monkeypatch.setattr(os, "fsync", another_program_is_faster)
    with pytest.raises(OutputExistsError, match="already exists"):
        write_atomically(target, NEW, overwrite=False)
    assert target.read_bytes() == OLD
    assert names(tmp_path) == ["out.mid"]


def test_without_hard_links_the_name_is_reserved_first(tmp_path, monkeypatch):
    def no_links(*_):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    write_atomically(tmp_path / "out.mid", NEW, overwrite=False)
    assert (tmp_path / "out.mid").read_bytes() == NEW
    assert names(tmp_path) == ["out.mid"]


def test_of_many_writers_exactly_one_gets_a_free_name(tmp_path):
    target, outcomes = tmp_path / "out.mid", []
    start = threading.Barrier(8)

    def write(i):
        start.wait()
        try:
            write_atomically(target, bytes([i]) * 1000, overwrite=False)
            outcomes.append(i)
        except OutputExistsError:
            pass

    threads = [threading.Thread(target=write, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 1
    assert target.read_bytes() == bytes(outcomes) * 1000


@posix_only
def test_a_new_file_obeys_the_umask_and_an_old_one_keeps_its_mode(tmp_path, target):
    umask = os.umask(0o027)
    try:
        write_atomically(tmp_path / "new.mid", NEW, overwrite=False)
        target.chmod(0o604)
        write_atomically(target, NEW, overwrite=True)
    finally:
        os.umask(umask)
    assert stat.S_IMODE((tmp_path / "new.mid").stat().st_mode) == 0o640
    assert stat.S_IMODE(target.stat().st_mode) == 0o604


@posix_only
def test_a_link_is_followed_and_stays_a_link(tmp_path, target):
    link = tmp_path / "link.mid"
    link.symlink_to(target)
    write_atomically(link, NEW, overwrite=True)
    assert link.is_symlink()
    assert target.read_bytes() == NEW


def test_missing_folder(tmp_path):
    with pytest.raises(CannotCreateOutputError, match=r"Cannot create a\.mid: no folder .*gone"):
        write_atomically(tmp_path / "gone" / "a.mid", NEW, overwrite=False)


@pytest.mark.parametrize("overwrite", [False, True])
def test_target_is_a_folder(tmp_path, overwrite):
    with pytest.raises(CannotCreateOutputError, match="it is a folder"):
        write_atomically(tmp_path, NEW, overwrite=overwrite)


def test_a_file_where_a_folder_should_be(target):
    with pytest.raises(CannotCreateOutputError, match=r"Cannot create a\.mid"):
        write_atomically(target / "a.mid", NEW, overwrite=False)


@pytest.mark.parametrize("name", ["x" * 300, "a\0b"])
def test_impossible_names(tmp_path, name):
    with pytest.raises(CannotCreateOutputError, match="Cannot create"):
        write_atomically(tmp_path / name, NEW, overwrite=False)
    assert names(tmp_path) == []


@not_root
def test_folder_without_permission(tmp_path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(CannotCreateOutputError, match="Permission denied"):
            write_atomically(tmp_path / "a.mid", NEW, overwrite=False)
    finally:
        tmp_path.chmod(0o700)


@not_root
def test_write_protected_file(target):
    target.chmod(0o400)
    with pytest.raises(CannotCreateOutputError, match="write-protected"):
        write_atomically(target, NEW, overwrite=True)
    assert target.read_bytes() == OLD


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EFBIG, errno.EDQUOT])
@pytest.mark.parametrize("step", ["open", "fsync", "take the name"])
def test_a_failing_disk_keeps_what_was_there(tmp_path, monkeypatch, overwrite, code, step):
    target = tmp_path / "out.mid"
    if overwrite:
        target.write_bytes(OLD)

    def fail(*_, **__):
        raise OSError(code, os.strerror(code))

    if step == "take the name":
        monkeypatch.setattr(Path, "replace", fail)
        monkeypatch.setattr(os, "link", fail)
    else:
        monkeypatch.setattr(os, step, fail)
    with pytest.raises(OutputWriteError, match=r"Cannot write out\.mid: "):
        write_atomically(target, NEW, overwrite=overwrite)
    monkeypatch.undo()
    assert names(tmp_path) == (["out.mid"] if overwrite else [])
    assert not overwrite or target.read_bytes() == OLD


def test_an_interrupt_leaves_no_temporary_file(target, monkeypatch):
    def interrupt(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(target, NEW, overwrite=True)
    assert target.read_bytes() == OLD
    assert names(target.parent) == ["out.mid"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux devices")
def test_devices_are_written_through():
    write_atomically(Path("/dev/null"), NEW, overwrite=False)
    with pytest.raises(OutputWriteError, match="No space left on device"):
        write_atomically(Path("/dev/full"), NEW, overwrite=False)
    assert Path("/dev/full").is_char_device()


@posix_only
def test_a_pipe_gets_the_data_or_an_error_but_never_waits_for_a_reader(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(CannotCreateOutputError, match="Cannot create pipe"):
        write_atomically(pipe, NEW, overwrite=False)
    received = []
    reader = threading.Thread(target=lambda: received.append(pipe.read_bytes()))
    # The writer opens the pipe only once somebody reads it: hold it open here.
    holder = os.open(pipe, os.O_RDWR)
    reader.start()
    data = NEW * 100  # more than a pipe holds, so that reader and writer take turns
    write_atomically(pipe, data, overwrite=False)
    os.close(holder)
    reader.join()
    assert received == [data]


@pytest.fixture
def small_disk(tmp_path):
    """A real file system of 64 KB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        pytest.skip("may not mount a file system here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_keeps_the_old_file(small_disk):
    target = small_disk / "out.mid"
    target.write_bytes(OLD)
    with pytest.raises(OutputWriteError, match="No space left on device"):
        write_atomically(target, b"x" * 200_000, overwrite=True)
    with pytest.raises(OutputWriteError, match="No space left on device"):
        write_atomically(small_disk / "other.mid", b"x" * 200_000, overwrite=False)
    assert target.read_bytes() == OLD
    assert names(small_disk) == ["out.mid"]


LIMITED = """
import resource, sys
from pathlib import Path
from amtstudio.errors import OutputWriteError
from amtstudio.atomic_file import remove_leftovers, temporary_file, write_atomically
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
try:
    write_atomically(Path(sys.argv[1]), b"x" * 20_000, overwrite=True)
except OutputWriteError as error:
    print(error)
"""


@posix_only
def test_a_file_size_limit_keeps_the_old_file(target):
    child = subprocess.run(
        [sys.executable, "-c", LIMITED, target], capture_output=True, text=True, check=True
    )
    assert child.stdout == "Cannot write out.mid: File too large (choose another disk)\n"
    assert target.read_bytes() == OLD
    assert names(target.parent) == ["out.mid"]


SAVING = """
import sys
from pathlib import Path
from amtstudio.atomic_file import remove_leftovers, temporary_file, write_atomically
contents = [bytes([i]) * (300_000 + i) for i in (1, 2)]
i = 0
while True:
    write_atomically(Path(sys.argv[1]), contents[i % 2], overwrite=True)
    i += 1
    if i == 2:
        print("saving", flush=True)
"""


@posix_only
def test_a_killed_save_leaves_the_old_file_or_the_new(tmp_path):
    target = tmp_path / "out.mid"
    whole = [bytes([i]) * (300_000 + i) for i in (1, 2)]
    moments = random.Random(7)
    command = [sys.executable, "-c", SAVING, target]
    for _ in range(20):
        with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
            assert child.stdout.readline() == b"saving\n"
            time.sleep(moments.uniform(0.0, 0.02))  # the moment at which the power goes
            child.send_signal(signal.SIGKILL)
        assert target.read_bytes() in whole
    leftovers = [name for name in names(tmp_path) if name != "out.mid"]
    assert all(name.startswith(".amtstudio-") for name in leftovers)


def leave(folder: Path, name: str, *, age_s: float = 60.0) -> Path:
    path = folder / name
    path.write_bytes(b"half a file")
    os.utime(path, (time.time() - age_s,) * 2)
    return path


NAME = ".amtstudio-0123456789abcdef.tmp"


@posix_only
def test_what_a_killed_save_left_is_removed_later(tmp_path):
    code = """
import sys, time
from pathlib import Path
from amtstudio.atomic_file import temporary_file
with temporary_file(Path(sys.argv[1])) as (_, file):
    print("made", flush=True)
    time.sleep(60)
"""
    command = [sys.executable, "-c", code, tmp_path]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout.readline() == b"made\n"
        (left,) = tmp_path.iterdir()
        os.utime(left, (0, 0))
        assert remove_leftovers([tmp_path]) == []  # its writer still lives
        child.kill()
    assert remove_leftovers([tmp_path, tmp_path]) == [left]
    assert names(tmp_path) == []


def test_a_file_that_was_just_made_is_left_to_its_writer(tmp_path):
    leave(tmp_path, NAME, age_s=1.0)
    assert remove_leftovers([tmp_path]) == []


def test_nothing_but_leftovers_is_removed(tmp_path):
    others = [
        "out.mid",
        ".amtstudio-1.tmp",
        f"{NAME}x",
        "x" + NAME,
        ".amtstudio-0123456789ABCDEF.tmp",
    ]
    for name in others:
        leave(tmp_path, name)
    (tmp_path / NAME).mkdir()
    assert remove_leftovers([tmp_path, tmp_path / "no such folder", tmp_path / "out.mid"]) == []
    assert names(tmp_path) == sorted([*others, NAME])


@posix_only
def test_a_link_with_the_name_of_a_leftover_and_its_target_stay(tmp_path):
    precious = leave(tmp_path, "precious.wav")
    (tmp_path / NAME).symlink_to(precious)
    assert remove_leftovers([tmp_path]) == []
    assert precious.read_bytes() == b"half a file"


def test_a_temporary_file_goes_unless_it_gets_a_name(tmp_path):
    with temporary_file(tmp_path) as (path, file), file:
        file.write(b"x")
    assert not path.exists()
    with temporary_file(tmp_path) as (path, file):
        with file:
            file.write(b"x")
        path.rename(tmp_path / "kept")
    assert names(tmp_path) == ["kept"]


@posix_only
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS])
def test_what_keeps_a_file_from_being_written_comes_with_a_next_step(target, code):
    def fail(_file):
        raise OSError(code, os.strerror(code))

    with pytest.raises(AmtStudioError) as failed:
        create_atomically(target, fail, overwrite=True)
    assert os.strerror(code) in failed.value.cause
    assert failed.value.hint


def test_a_place_where_no_file_can_be_comes_with_a_next_step(tmp_path):
    for place in (tmp_path / "gone" / "a.mid", tmp_path):
        with pytest.raises(CannotCreateOutputError) as failed:
            write_atomically(place, b"x", overwrite=True)
        assert failed.value.hint
