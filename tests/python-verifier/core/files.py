"""The files of a bundle: from a folder, from one tar (section 16), or from memory. Links are never followed.

Source: docs/evidence-format.md sections 2 and 16.
"""
import os
import stat

PARSE_MAX = 256 * 1024 * 1024


class TarInvalid(ValueError):
    """A tar in another spelling than section 16's."""


class Files:
    """Sizes by path (None: no plain file), and bytes by path."""

    def __init__(self, sizes, reader):
        self.sizes = sizes
        self._reader = reader

    def read(self, path):
        """The bytes; OSError when they cannot be read."""
        return self._reader(path)

    def under(self, folder):
        """The files of a folder, as a bundle of its own."""
        mine = {path[len(folder) :]: size for path, size in self.sizes.items() if path.startswith(folder)}
        return Files(mine, lambda path: self._reader(folder + path))


def in_memory(contents):
    return Files({path: len(data) for path, data in contents.items()}, lambda path: contents[path])


def _walk(folder, prefix, sizes):
    with os.scandir(folder) as entries:
        for entry in entries:
            path = prefix + os.fsencode(entry.name).decode("utf-8", "replace")
            status = entry.stat(follow_symlinks=False)
            if stat.S_ISDIR(status.st_mode):
                _walk(entry.path, path + "/", sizes)
            else:
                sizes[path] = status.st_size if stat.S_ISREG(status.st_mode) else None


def _read_plain(path):
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(descriptor, "rb") as file:
        return file.read()


def open_files(path):
    """A folder, or a tar; OSError when it cannot be listed, TarInvalid when the tar is not spelled so."""
    if os.path.isdir(path):
        sizes = {}
        _walk(path, "", sizes)
        return Files(sizes, lambda name: _read_plain(os.path.join(path, name)))
    with open(path, "rb") as file:
        return in_memory(read_tar(file.read()))


def header_of(path, size):
    """The one header that a file of this path and size has."""
    name, prefix = path, ""
    if len(path.encode()) > 100:
        cuts = [index for index, char in enumerate(path) if char == "/" and len(path[index + 1 :].encode()) <= 100]
        if not cuts or len(path[: cuts[0]].encode()) > 155:
            raise TarInvalid("a path that does not fit")
        prefix, name = path[: cuts[0]], path[cuts[0] + 1 :]
    head = bytearray(512)
    for offset, data in ((0, name.encode()), (100, b"0000644\0" + b"0000000\0" * 2), (124, b"%011o\0" % size),
                         (136, b"00000000000\0"), (148, b" " * 8), (156, b"0"), (257, b"ustar\x0000"),
                         (329, b"0000000\0" * 2), (345, prefix.encode())):
        head[offset : offset + len(data)] = data
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head)


def _field(block, offset, length):
    return block[offset : offset + length].split(b"\0")[0]


def read_tar(data):
    """Contents by path. Each header is made again from what it says, and compared."""
    contents, at, before = {}, 0, ""
    while data[at : at + 1024] != bytes(1024):
        block = data[at : at + 512]
        try:
            name, prefix = _field(block, 0, 100).decode("ascii"), _field(block, 345, 155).decode("ascii")
            size = int(_field(block, 124, 12), 8)
        except ValueError:
            raise TarInvalid("no header") from None
        path = f"{prefix}/{name}" if prefix else name
        if size < 0 or size > 8**11 - 1 or header_of(path, size) != block or path <= before:
            raise TarInvalid("a header in another spelling, or out of order")
        body, end = data[at + 512 : at + 512 + size], at + 512 + -(-size // 512) * 512
        if len(body) != size or data[at + 512 + size : end] != bytes(end - at - 512 - size):
            raise TarInvalid("a file that is cut off, or padded with something")
        contents[path], before, at = body, path, end
    if len(data) != at + 1024:
        raise TarInvalid("bytes behind the end, or no end")
    return contents
