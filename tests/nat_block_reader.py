#!/usr/bin/env python3
"""Reads blocks of NAT rows from docs/formats/block.md alone (layout 2) and compares with the rows beside them.

A second implementation, with nothing of ours and nothing but the standard library: what the page does not say, this reader
cannot know. For each testdata/seal/nat-block-*.hex there is a .jsonl with the rows, one JSON object a line.
Usage: nat_block_reader.py [FILE.hex]: without a file, checks all of them; with one, prints its rows.
"""
import ipaddress
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
UNITS = [1_000_000_000, 1_000_000, 1_000, 1]
MASK = (1 << 64) - 1
CLOCKS = {1: "event", 2: "message", 3: "export", 4: "receipt"}


def require(condition, what):
    if not condition:
        raise ValueError(what)


class Octets:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, size):
        require(self.at + size <= len(self.data), f"truncated at offset {self.at}")
        self.at += size
        return self.data[self.at - size:self.at]

    def number(self, size):
        return int.from_bytes(self.take(size), "big")

    def varint(self):
        value, shift = 0, 0
        while True:
            octet = self.number(1)
            value |= (octet & 0x7F) << shift
            shift += 7
            if octet < 0x80:
                require(value <= MASK, "number over 64 bits")
                return value

    def text(self):
        return self.take(self.varint())

    def bits(self):
        return Bits(self.data[self.at:])


class Bits:
    """Bits of octets, lowest first."""

    def __init__(self, octets):
        self.size, self.at = 8 * len(octets), 0
        self.value = int.from_bytes(octets, "little")

    def take(self, width):
        require(self.at + width <= self.size, "bits truncated")
        value = self.value >> self.at & (1 << width) - 1
        self.at += width
        return value

    def up_to(self, maximum):
        if maximum >= 1 << 55:
            return self.take(maximum.bit_length())
        numbers = maximum + 1
        width = numbers.bit_length() - 1
        short = (2 << width) - numbers
        value = self.take(width)
        return value if value < short else 2 * value + self.take(1) - short

    def rice(self, parameter, raw_bits):
        quotient = 0
        while quotient < 24 and self.take(1):
            quotient += 1
        if quotient == 24:
            return self.take(raw_bits)
        return quotient << parameter | self.take(parameter)

    def end(self):
        require((self.at + 7) // 8 * 8 == self.size and self.value >> self.at == 0, "bits left over")


def unfold(value):
    return value >> 1 if value % 2 == 0 else -(value >> 1) - 1


def rice_list(octets, count, raw_bits):
    if count == 0:
        return []
    parameter = octets.number(1)
    bits = octets.bits()
    values = [bits.rice(parameter, raw_bits) for _ in range(count)]
    packed = Bits(octets.take((bits.at + 7) // 8))
    packed.at = bits.at
    packed.end()
    return values


def code_table(octets, symbols):
    """Maps (length, code read first bit first) to symbol."""
    if symbols == 1:
        return {(0, 0): 0}
    form = octets.number(1)
    if form == 0:
        width = symbols.bit_length() - 1
        short = (2 << width) - symbols
        lengths = [width if s < short else width + 1 for s in range(symbols)]
    else:
        require(form == 1, "code of unknown form")
        lengths, length = [], 5
        for step in rice_list(octets, symbols, 6):
            length += unfold(step)
            require(1 <= length <= 16, "code length")
            lengths.append(length)
    require(sum(2 ** (16 - length) for length in lengths) == 2 ** 16, "no complete code")
    table, code, before = {}, 0, 0
    for length, symbol in sorted((length, symbol) for symbol, length in enumerate(lengths)):
        code <<= length - before
        table[length, code] = symbol
        code, before = code + 1, length
    return table


def symbol_of(table, bits):
    length, code = 0, 0
    while (length, code) not in table:
        length, code = length + 1, code << 1 | bits.take(1)
        require(length <= 16, "no such code")
    return table[length, code]


def read_shape(octets, before):
    flags = octets.number(2)
    require(flags < 1 << 14, "flags")
    shape = {"event": octets.number(1)}
    for bit, name in enumerate(["session", "inside_port", "seq", "end_seq", "port", "block"]):
        shape[name] = bool(flags >> bit & 1)
    shape["span"] = octets.number(2) if flags >> 6 & 1 else None
    shape["step"] = octets.number(2) if flags >> 7 & 1 else None
    shape["proto"] = octets.number(1) if flags >> 8 & 1 else None
    shape["other_port"] = octets.number(2) if flags >> 12 & 1 else None
    if flags >> 11 & 1:
        require(flags >> 9 & 3 == 0 and not flags >> 13 & 1, "source twice")
        return shape | {key: before[key] for key in ("resolution", "error", "clock", "offset", "exporter", "domain", "realm")}
    shape["resolution"] = octets.varint()
    shape["error"] = octets.varint()
    shape["clock"] = CLOCKS[octets.number(1)]
    shape["offset"] = int.from_bytes(octets.take(8), "big", signed=True) if flags >> 13 & 1 else None
    shape["exporter"] = octets.text().decode()
    shape["domain"] = octets.number(4) if flags >> 9 & 1 else None
    shape["realm"] = octets.text().decode() if flags >> 10 & 1 else None
    return shape


def read_shapes(octets):
    shapes, symbols = [], []
    for number in range(octets.varint()):
        shapes.append(read_shape(octets, shapes[-1] if shapes else None))
        first, last = octets.number(1), octets.number(1)
        require(first <= last <= 64, "classes")
        between = max(last - first - 1, 0)
        bits = Bits(octets.take((between + 7) // 8))
        symbols.append((number, first))
        symbols += [(number, first + 1 + i) for i in range(between) if bits.take(1)]
        if last > first:
            symbols.append((number, last))
        bits.end()
    return shapes, symbols


def sharing(octets, before):
    shared, own = octets.varint(), octets.varint()
    return before[:shared] + octets.take(own)


def read_insides(octets):
    insides, kinds = [], octets.number(1)
    for kind in range(6):
        if not kinds >> kind & 1:
            continue
        count = octets.varint()
        addresses, subscribers = [None] * count, [None] * count
        if kind // 2 == 1:
            address = octets.number(4)
            addresses[0] = str(ipaddress.IPv4Address(address))
            for i, gap in enumerate(rice_list(octets, count - 1, 32)):
                address += gap
                addresses[i + 1] = str(ipaddress.IPv4Address(address))
        if kind // 2 == 2:
            before = b""
            for i in range(count):
                before = sharing(octets, before)
                addresses[i] = str(ipaddress.IPv6Address(before))
        if kind % 2 == 1:
            before = b""
            for i in range(count):
                before = sharing(octets, before)
                subscribers[i] = before.decode()
        insides += zip(addresses, subscribers)
    return insides


def read_line(octets):
    line = {"base": octets.varint(), "slope": octets.varint(), "width": octets.number(1)}
    require(line["width"] <= 64, "width")
    return line


def number_of(line, bits, time):
    return line["base"] + (line["slope"] * time >> 32) + bits.take(line["width"]) & MASK


def read_block(data):
    octets = Octets(data)
    require(octets.number(1) == 2, "layout")
    count = octets.number(2)
    require(1 <= count <= 4096, "rows")
    public = str(ipaddress.ip_address(octets.take(octets.number(1))))
    shapes, symbols = read_shapes(octets)
    symbol_code = code_table(octets, len(symbols))
    insides = read_insides(octets)
    inside_code = code_table(octets, len(insides))
    port = octets.number(2)
    form = octets.number(1)
    unit = UNITS[octets.number(1)]
    end_first = unfold(octets.varint())
    end_range = octets.varint()
    lines = {name: read_line(octets) for name in ("inside_port", "seq", "end_seq") if any(s[name] for s in shapes)}
    sizes = [octets.varint() for _ in range(7)]
    columns = [Bits(octets.take(size)) for size in sizes] + [octets.bits()]
    ports, codes, inside_codes, ends, inside_ports, seqs, end_seqs, mantissas = columns

    rows, offset = [], 0
    for i in range(count):
        gap = ports.rice(form & 15, 16) << (form >> 4) if i > 0 else 0
        port += gap
        number, duration_class = symbols[symbol_of(symbol_code, codes)]
        shape = shapes[number]
        ip, subscriber = insides[symbol_of(inside_code, inside_codes)]
        offset = (0 if gap > 0 else offset)
        offset += ends.up_to(end_range - offset)
        duration = duration_class
        if duration_class > 1:
            duration = 1 << duration_class - 1 | mantissas.take(duration_class - 1)
        row = {"public_ip": public, "at_ns": (end_first + offset - duration) * unit,
               "end_ns": (end_first + offset) * unit, "port": port if shape["port"] else None,
               "inside_ip": ip, "subscriber": subscriber}
        row["inside_port"] = number_of(lines["inside_port"], inside_ports, 0) if shape["inside_port"] else None
        row["seq"] = number_of(lines["seq"], seqs, offset - duration) if shape["seq"] else None
        row["end_seq"] = number_of(lines["end_seq"], end_seqs, offset) if shape["end_seq"] else None
        row |= {key: shape[key] for key in ("event", "session", "block", "other_port", "span", "step", "proto", "resolution", "error",
                                            "clock", "offset", "exporter", "domain", "realm")}
        rows.append({key: value for key, value in row.items() if value is not None})
    for column in columns:
        column.end()
    return rows


def rows_of(path):
    return read_block(bytes.fromhex("".join(line for line in path.read_text().splitlines() if not line.startswith("#"))))


def main():
    if len(sys.argv) == 2:
        for row in rows_of(pathlib.Path(sys.argv[1])):
            print(json.dumps(row))
        return 0
    paths = sorted((ROOT / "testdata/seal").glob("nat-block-*.hex"))
    failed = not paths
    for path in paths:
        expected = [json.loads(line) for line in path.with_suffix(".jsonl").read_text().splitlines()]
        rows = rows_of(path)
        print(f"{path.name}: {len(rows)} rows, {'as expected' if rows == expected else 'DIFFERENT'}")
        failed |= rows != expected
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
