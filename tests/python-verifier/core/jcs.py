"""Canonical JSON (RFC 8785): parse, print again, compare.

A number is a double, printed as ECMAScript prints it; whole numbers up to 2^53 are Python ints here. Strings are Unicode
without lone surrogates. Source: docs/evidence-format.md section 1; RFC 8785; ECMA-262 Number::toString.
"""
import hashlib
import json
import math

DEPTH_MAX = 256
SAFE = 2**53


class Malformed(ValueError):
    """What was read is not canonical JSON."""


def _number(text):
    value = float(text)
    if not math.isfinite(value):
        raise Malformed("a number that is not finite")
    return int(value) if value.is_integer() and abs(value) <= SAFE else value


def _object(pairs):
    result = dict(pairs)
    if len(result) != len(pairs):
        raise Malformed("a key stands twice")
    return result


def _constant(text):
    raise Malformed(f"{text} is no number")


def print_number(value):
    """As Number::toString does: the shortest digits that read back, plain from 1e-7 to 1e21."""
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = repr(abs(float(value))).partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    count = len(digits)
    if count <= point <= 21:
        return sign + digits + "0" * (point - count)
    if 0 < point <= 21:
        return sign + digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return sign + "0." + "0" * -point + digits
    power = point - 1
    shown = digits if count == 1 else digits[0] + "." + digits[1:]
    return f"{sign}{shown}e{'+' if power > 0 else '-'}{abs(power)}"


def _print(value, depth, out):
    if value is None or value is True or value is False:
        out.append("null" if value is None else "true" if value else "false")
    elif isinstance(value, str):
        out.append(json.dumps(value, ensure_ascii=False))
    elif isinstance(value, (int, float)):
        out.append(print_number(value))
    elif depth >= DEPTH_MAX:
        raise Malformed("nested too deeply")
    elif isinstance(value, list):
        out.append("[")
        for index, item in enumerate(value):
            out.append("," if index else "")
            _print(item, depth + 1, out)
        out.append("]")
    else:
        out.append("{")
        for index, key in enumerate(sorted(value, key=lambda k: k.encode("utf-16-be", "surrogatepass"))):
            out.append("," if index else "")
            out.append(json.dumps(key, ensure_ascii=False) + ":")
            _print(value[key], depth + 1, out)
        out.append("}")


def canonical(value):
    """The canonical bytes of a value."""
    out = []
    _print(value, 0, out)
    return "".join(out).encode("utf-8")


def loads(data):
    """Any JSON text: keys once, finite numbers, no lone surrogates."""
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=_object, parse_int=_number, parse_float=_number,
                          parse_constant=_constant)
    except Malformed:
        raise
    except (ValueError, OverflowError, RecursionError) as error:
        raise Malformed(f"no JSON: {type(error).__name__}") from None


def parse(data):
    """Canonical JSON, or Malformed."""
    value = loads(data)
    try:
        again = canonical(value)
    except (UnicodeEncodeError, RecursionError):
        raise Malformed("a lone surrogate, or nested too deeply") from None
    if again != data:
        raise Malformed("not in its canonical spelling")
    return value


def digest(data):
    """The digest of bytes."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def digest_of(value):
    """The digest of a value: of its canonical JSON."""
    return digest(canonical(value))
