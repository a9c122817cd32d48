"""The run's place in the log: proof, start, continuation, seal, witnesses (docs/evidence-format.md sections 5, 7, 8)."""
from . import jcs, tree
from .note import Refused, cosigned_by, parse_checkpoint, signed_by
from .schema import document_fault


def read_proof(data, kind):
    """A proof document; Refused when it is none."""
    try:
        value = jcs.parse(data)
    except jcs.Malformed as error:
        raise Refused(str(error)) from None
    found = document_fault(kind, value)
    if found:
        raise Refused(found)
    return value


def read_checkpoint(data, keys):
    """A checkpoint that the key in force for its size signed; Refused otherwise."""
    checkpoint = parse_checkpoint(data)
    if not signed_by(checkpoint.note, keys.at(checkpoint.size)):
        raise Refused("signed by no key that is in force and trusted")
    return checkpoint


def proof_fault(data, leaves, checkpoint):
    """(code, text, proof): what is wrong with an inclusion proof of leaves under a checkpoint (None: it was refused)."""
    try:
        proof = read_proof(data, "inclusion-proof")
    except Refused as error:
        return "malformed", str(error), None
    found = tree.ranges_fault(proof, len(leaves))
    if found:
        return "wrong", found, None
    if checkpoint is None:
        return None, "", proof
    if proof["treeSize"] != checkpoint.size:
        return "wrong", "of a tree of another size", None
    try:
        root = tree.root_of(proof, [leaf.hash for leaf in leaves])
    except Refused as error:
        return "wrong", str(error), None
    return (None, "", proof) if root == checkpoint.root else ("wrong", "another root", None)


def check_start(data, consistency, named, first, checkpoint, keys, report):
    """The checkpoint that the run began under, and that the bundle's continues it."""
    if data is None:
        if consistency is not None:
            report.false("start-unnamed", "consistency.json", "without start-checkpoint")
        if named is not None:
            report.open("start-missing", "start-checkpoint", named)
        return
    if named is None or jcs.digest(data) != named:
        report.false("start-unnamed", "start-checkpoint", "not the one that PLAN_FROZEN names")
        return
    try:
        start = read_checkpoint(data, keys)
    except Refused as error:
        report.false("start-signature", "start-checkpoint", str(error))
        return
    if start.origin != keys.origin:
        report.false("start-origin", "start-checkpoint", start.origin)
    if first is not None and start.size > first:
        report.false("start-late", "start-checkpoint", f"size {start.size}, first leaf {first}")
    if consistency is None:
        report.false("file-missing", "consistency.json", "start-checkpoint without it")
        return
    try:
        proof = read_proof(consistency, "consistency-proof")
    except Refused as error:
        report.false("consistency-malformed", "consistency.json", str(error))
        return
    if checkpoint is None:
        return
    path = [tree.raw(each) for each in proof["hashes"]]
    if (proof["from"], proof["to"]) != (start.size, checkpoint.size) or not tree.consistency_holds(
            start.size, start.root, checkpoint.size, checkpoint.root, path):
        report.false("consistency-wrong", "consistency.json", "the tree does not continue the start's")


def check_seal(data, leaf, index, checkpoint_bytes, checkpoint, report):
    """The C2SP tlog-proof of the seal."""
    try:
        said, path, under = tree.parse_tlog_proof(data)
    except Refused as error:
        report.false("seal-proof-malformed", "seal.tlog-proof", str(error))
        return
    if leaf is None or under != checkpoint_bytes or (index is not None and said != index):
        report.false("seal-proof-wrong", "seal.tlog-proof", "no seal, another index or checkpoint")
        return
    if checkpoint is None:
        return
    try:
        root = tree.audit_root(said, checkpoint.size, leaf.hash, path)
    except Refused as error:
        report.false("seal-proof-wrong", "seal.tlog-proof", str(error))
        return
    if root != checkpoint.root:
        report.false("seal-proof-wrong", "seal.tlog-proof", "another root")


def check_witnesses(checkpoint, trust, report):
    """Cosignatures: a wrong one is false, too few are open."""
    try:
        names = cosigned_by(checkpoint.note, trust.witnesses)
    except Refused as error:
        report.false("witness-quorum", "checkpoint", str(error))
        return
    if len(names) < trust.quorum:
        report.open("witness-quorum", "checkpoint", f"{len(names)} of {trust.quorum}")
