# SPDX-License-Identifier: Apache-2.0
"""Small real disks for the fault tests: loop devices with ext4, and a disk that logs each of its writes.

The logging disk is qemu-storage-daemon (blklogwrites) -> FUSE export -> loop -> ext4. Its log has the order of
writes and flushes, so that every state a power cut could leave can be built again. Needs root.
"""
import os
import shutil
import struct
import subprocess

from kit.station import until

SECTOR = 512
FLUSH, FUA, DISCARD = 1, 2, 4


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False)


def must(*command):
    done = run(*command)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout.strip()


def missing(programs=(), fuse=False):
    """Why this machine cannot have such disks, or None."""
    if os.geteuid() != 0:
        return "needs root for loop devices"
    for program in ("losetup", "mkfs.ext4", "mount", *programs):
        if shutil.which(program) is None:
            return f"{program} is not installed"
    if fuse and not os.path.exists("/dev/fuse"):
        return "no /dev/fuse"
    if run("losetup", "-f").returncode != 0:
        return "no loop device"
    return None


class Mounted:
    """An image, on a loop device, mounted at a directory; both are given back at the end."""

    def __init__(self, image, place, options="", make=False):
        self.image, self.place, self.options, self.make = image, place, options, make
        self.loop = None

    def __enter__(self):
        os.makedirs(self.place, exist_ok=True)
        self.loop = must("losetup", "--show", "-f", self.image)
        try:
            if self.make:
                must("mkfs.ext4", "-q", "-F", "-m", "0", self.loop)
            must("mount", *(("-o", self.options) if self.options else ()), self.loop, self.place)
        except RuntimeError:
            run("losetup", "-d", self.loop)
            raise
        return self

    def __exit__(self, *_):
        # A daemon killed a moment ago may still hold its files.
        try:
            until(lambda: run("umount", self.place).returncode == 0, "umount", 10, 0.02)
        finally:
            run("losetup", "-d", self.loop)


def small_disk(image, place, megabytes, options=""):
    with open(image, "wb") as file:
        file.truncate(megabytes << 20)
    return Mounted(image, place, options, make=True)


class LoggingDisk:
    """A disk image at DIR/exp; every write to it goes to the log."""

    def __init__(self, place, megabytes):
        self.place, self.megabytes = place, megabytes
        self.disk, self.log, self.exported = (os.path.join(place, name) for name in ("disk.img", "wlog.img", "exp"))
        self.process = None

    def __enter__(self):
        for path, size in ((self.disk, self.megabytes << 20), (self.log, 512 << 20), (self.exported, 0)):
            with open(path, "wb") as file:
                file.truncate(size)
        self.process = subprocess.Popen(
            ["qemu-storage-daemon", "--blockdev", f"driver=file,node-name=f0,filename={self.disk}",
             "--blockdev", f"driver=file,node-name=l0,filename={self.log}",
             "--blockdev", "driver=blklogwrites,node-name=lw,file=f0,log=l0,log-sector-size=512",
             "--export", f"type=fuse,id=e0,node-name=lw,mountpoint={self.exported},writable=on"],
            stdin=subprocess.DEVNULL)
        until(lambda: os.path.getsize(self.exported) == self.megabytes << 20, "the exported disk")
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)

    def entries(self):
        """How many entries the log surely has; brought up to date by each flush."""
        with open(self.log, "rb") as file:
            return struct.unpack("<Q", file.read(24)[16:24])[0]


def fill(path):
    """Writes a file until nothing more fits."""
    with open(path, "wb", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1 << 10):
            try:
                while True:
                    file.write(bytes(size))
                    os.fsync(file.fileno())
            except OSError:
                continue


def read_log(path):
    """(sector, flags, data) of every entry of a write log, in order."""
    entries = []
    with open(path, "rb") as file:
        count = struct.unpack("<QQQ", file.read(24))[2]
        at = SECTOR
        for _ in range(count):
            file.seek(at)
            sector, sectors, flags, _ = struct.unpack("<QQQQ", file.read(32))
            at += SECTOR
            data = b""
            if flags & DISCARD:
                data = bytes(sectors * SECTOR)
            elif sectors:
                file.seek(at)
                data = file.read(sectors * SECTOR)
                at += sectors * SECTOR
            entries.append((sector, flags, data))
    return entries


class Replay:
    """Builds the disk as a cut after entry `at` may leave it."""

    def __init__(self, entries, size):
        self.entries = entries
        self.durable = bytearray(size)  # what flushes have vouched for
        self.pending = []  # written, not flushed: may or may not be there
        self.at = 0

    def advance(self, at):
        while self.at < at:
            sector, flags, data = self.entries[self.at]
            if flags & FLUSH:
                self._settle()
            if data:
                self.pending.append((sector, data))
            if flags & FUA:
                self._settle()
            self.at += 1

    def image(self, keep):
        """The disk with those pending writes for which keep() says so."""
        image = bytearray(self.durable)
        for sector, data in self.pending:
            if keep():
                image[sector * SECTOR:sector * SECTOR + len(data)] = data
        return image

    def _settle(self):
        for sector, data in self.pending:
            self.durable[sector * SECTOR:sector * SECTOR + len(data)] = data
        self.pending = []
