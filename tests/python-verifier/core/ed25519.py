"""Ed25519 verification (RFC 8032 section 5.1.7), without a library.

The check is the one without the cofactor, over the bytes of R: encode([S]B - [k]A) == R. S is below the group's order, and the
key's y below the field's prime; a point of small order is no key. Nothing here is secret, so nothing needs constant time.
"""
import hashlib

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
NEUTRAL = (0, 1, 1, 0)


def _add(p, q):
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _double(p):
    a, b, c = p[0] * p[0] % P, p[1] * p[1] % P, 2 * p[2] * p[2] % P
    h = a + b
    e = h - (p[0] + p[1]) * (p[0] + p[1])
    g = a - b
    f = c + g
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _decode(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


def _has_small_order(point):
    """Whether eight times the point is the neutral one: under such a key one signature is right for many messages."""
    for _ in range(3):
        point = _double(point)
    return point[0] % P == 0 and (point[1] - point[2]) % P == 0


def _encode(p):
    inverse = pow(p[2], P - 2, P)
    x, y = p[0] * inverse % P, p[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = _decode((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def verify(key, message, signature):
    """Whether the signature (64 bytes) over the message is the key's (32 bytes)."""
    if len(key) != 32 or len(signature) != 64:
        return False
    point = _decode(key)
    s = int.from_bytes(signature[32:], "little")
    if point is None or s >= ORDER or _has_small_order(point):
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    minus = (P - point[0], point[1], point[2], P - point[3])
    table = (NEUTRAL, BASE, minus, _add(BASE, minus))
    result = NEUTRAL
    for bit in range(252, -1, -1):
        result = _double(result)
        pick = (s >> bit & 1) | (k >> bit & 1) << 1
        if pick:
            result = _add(result, table[pick])
    return _encode(result) == signature[:32]
