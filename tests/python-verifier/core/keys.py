"""Which key of a log is in force at which size (docs/evidence-format.md section 12).

Rotations are read before anything is proved, for keys alone: each is signed by the key that goes and the key that comes.
"""
from . import ed25519
from .note import Key, Refused, from_base64


class LogKeys:
    """The trusted keys of one origin, and the rotations between them: (log index, previous, next)."""

    def __init__(self, origin, trusted, rotations=()):
        self.origin = origin
        self.trusted = trusted
        self.rotations = list(rotations)

    def known(self):
        """Whether a trusted key was ever in force."""
        ever = {key for _, previous, following in self.rotations for key in (previous, following)}
        return not self.rotations or any(key.public in ever for key in self.trusted)

    def at(self, size):
        """The keys that may sign a checkpoint of this size."""
        if not self.rotations:
            return self.trusted
        if not self.known():
            return []
        public = self.rotations[0][1]
        for index, _, following in self.rotations:
            if index < size:
                public = following
        names = [key.name for key in self.trusted if key.public == public] or [self.origin]
        return [Key(name, public) for name in names]


def statement_of(origin, previous, following):
    """What both keys sign."""
    return f"canonic/key-rotation/v1\n{origin}\n{previous}\n{following}\n".encode()


def rotations_of(leaves, places, origin, people):
    """The rotations among the log's own leaves; Refused when one is not signed by both,
    does not continue the one before, or has a key of one of the trust file's people."""
    found, ever = [], set()
    for leaf, place in zip(leaves, places):
        data = leaf.event["data"]
        if leaf.event["type"] != "KEY_ROTATED":
            continue
        previous, following = from_base64(data["previous"], 32), from_base64(data["next"], 32)
        message = statement_of(data["origin"], data["previous"], data["next"])
        ever.add(previous)
        if data["origin"] != origin or following in ever or {previous, following} & people or (found and found[-1][2] != previous):
            raise Refused("a rotation that does not follow from the one before")
        for key, signature in ((previous, "previousSignature"), (following, "nextSignature")):
            if not ed25519.verify(key, message, from_base64(data[signature], 64)):
                raise Refused("a rotation that is not signed by both keys")
        ever.add(following)
        found.append((place, previous, following))
    return found
