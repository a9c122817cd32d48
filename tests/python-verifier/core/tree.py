"""The Merkle tree of RFC 6962 section 2.1, and its proofs.

Sources: docs/evidence-format.md sections 5, 7, 8; RFC 6962 section 2.1.1 (audit path), 2.1.2 (consistency).
"""
import hashlib
import re

from .note import Refused, from_base64, parse_checkpoint

EMPTY = hashlib.sha256(b"").digest()
HEAD = "c2sp.org/tlog-proof@v1"


def leaf_hash(data):
    return hashlib.sha256(b"\x00" + data).digest()


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def text(value):
    """A hash as a digest."""
    return "sha256:" + value.hex()


def raw(digest):
    """A digest as a hash."""
    return bytes.fromhex(digest[7:])


def indexes(proof):
    """The leaf indexes that the ranges of an inclusion proof hold, in order."""
    return [index for begin, end in proof["ranges"] for index in range(begin, end)]


def ranges_fault(proof, count):
    """What is wrong with the ranges: ascending, apart, inside the tree, as many indexes as leaves."""
    before = None
    for begin, end in proof["ranges"]:
        if begin >= end or end > proof["treeSize"] or (before is not None and begin <= before):
            return "ranges that do not ascend inside the tree with something between them"
        before = end
    if sum(end - begin for begin, end in proof["ranges"]) != count:
        return "other indexes than leaves"
    return None


def root_of(proof, leaves):
    """The root that follows from the proof and the leaf hashes; Refused when hashes are left over or missing."""
    hashes, rest = iter([raw(each) for each in proof["hashes"]]), iter(leaves)

    def visit(begin, end, ranges):
        ranges = [(low, high) for low, high in ranges if low < end and begin < high]
        width = end - begin
        if not ranges and width & (width - 1) == 0:
            return next(hashes)
        if width == 1:
            return next(rest)
        split = begin + (1 << (width - 1).bit_length() - 1)
        left = visit(begin, split, ranges)
        return node(left, visit(split, end, ranges))

    try:
        root = visit(0, proof["treeSize"], proof["ranges"])
    except StopIteration:
        raise Refused("too few hashes") from None
    if next(hashes, None) is not None or next(rest, None) is not None:
        raise Refused("hashes are left over")
    return root


def audit_root(index, size, leaf, path):
    """The root that an audit path leads to; Refused when it is too short or too long."""
    if index >= size:
        raise Refused("an index outside the tree")
    position, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise Refused("a path that is too long")
        if position & 1 or position == last:
            found = node(sibling, found)
            while position & 1 == 0 and position:
                position, last = position >> 1, last >> 1
        else:
            found = node(found, sibling)
        position, last = position >> 1, last >> 1
    if last:
        raise Refused("a path that is too short")
    return found


def consistency_holds(size, root, later, later_root, path):
    """Whether the tree of `later` leaves continues the one of `size` (RFC 9162 section 2.1.4.2 spells it out)."""
    if size > later:
        return False
    if size == 0:
        return not path and root == EMPTY
    if size == later:
        return not path and root == later_root
    path = ([root] if size & (size - 1) == 0 else []) + path
    if not path:
        return False
    position, last = size - 1, later - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = path[0]
    for each in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old, new = node(each, old), node(each, new)
            while position & 1 == 0 and position:
                position, last = position >> 1, last >> 1
        else:
            new = node(new, each)
        position, last = position >> 1, last >> 1
    return last == 0 and old == root and new == later_root


def parse_tlog_proof(data):
    """(index, path, checkpoint bytes) of a C2SP tlog-proof, read strictly."""
    head, cut, checkpoint = data.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise Refused("no ASCII") from None
    if not cut or lines.pop(0) != HEAD:
        raise Refused("no tlog-proof")
    if lines and lines[0].startswith("extra "):
        from_base64(lines.pop(0)[6:])
    found = re.fullmatch(r"index (0|[1-9][0-9]{0,15})", lines.pop(0) if lines else "", re.ASCII)
    if found is None or int(found[1]) >= 2**53:
        raise Refused("no index")
    parse_checkpoint(checkpoint)
    return int(found[1]), [from_base64(line, 32) for line in lines], checkpoint
