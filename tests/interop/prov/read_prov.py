"""Reads a PROV-JSON document with the `prov` library and prints what it understood, as one JSON document.

Called by prov.test.ts with the path of the document.
"""
import collections
import json
import sys

from prov.model import (
    ProvDerivation,
    ProvDocument,
    ProvElement,
    ProvEntity,
    ProvMembership,
    ProvRelation,
)


def ends(record):
    return [str(value) for _, value in record.formal_attributes[:2]]


def main(path):
    with open(path, encoding="utf-8") as file:
        document = ProvDocument.deserialize(file, format="json")
    records = document.get_records()
    names = {str(record.identifier) for record in records if isinstance(record, ProvElement)}
    relations = [record for record in records if isinstance(record, ProvRelation)]
    derived = collections.defaultdict(set)
    for record in relations:
        made_of = ends(record)
        if isinstance(record, (ProvDerivation, ProvMembership)):
            derived[made_of[0]].add(made_of[1])
    types = collections.defaultdict(list)
    for record in records:
        if isinstance(record, ProvEntity):
            for kind in record.get_asserted_types():
                types[str(kind)].append(str(record.identifier))

    def sources(name):
        seen, left = set(), [name]
        while left:
            for source in derived[left.pop()] - seen:
                seen.add(source)
                left.append(source)
        return seen

    provn = document.get_provn()
    again = ProvDocument.deserialize(content=document.serialize(format="json"), format="json")
    unknown = [end for record in relations for end in ends(record) if end != "None" and end not in names]
    print(
        json.dumps(
            {
                "counts": collections.Counter(record.get_type().localpart for record in records),
                "types": {kind: len(found) for kind, found in types.items()},
                "outputsOfDocument": sum(
                    1
                    for name in types["canonic:Output"]
                    if sources(name) & set(types["canonic:Document"])
                ),
                "sealOfDocument": bool(sources("run:seal") & set(types["canonic:Document"])),
                "unknownEnds": unknown,
                "provnLines": len(provn.splitlines()),
                "provnStatements": sum(1 for line in provn.splitlines() if line.strip().endswith(")")),
                "sameAfterRoundTrip": again == document,
            }
        )
    )


main(sys.argv[1])
