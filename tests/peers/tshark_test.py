#!/usr/bin/env python3
"""tshark and `probatio decode` count the records of the same flow captures: seeds of ours, a capture written here, and the corpus.

tshark calls a record "Flow N" whether its template was for data or for options, so the sum of the two is compared.
"""
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PORTS = {"ipfix": 4739, "netflow9": 2055}
TIMEOUT_S = 60
SKIPPED = 77  # ctest's word for it (CMakeLists.txt)

# Files of one exporter in the order in which they were sent; the rest of the corpus stands alone.
SEQUENCES = [
    "ipfix_test_mikrotik_tpl ipfix_test_mikrotik_data258 ipfix_test_mikrotik_data259",
    "ipfix_test_barracuda_tpl ipfix_test_barracuda_data256",
    "ipfix_test_nokia_bras_tpl ipfix_test_nokia_bras_data256",
    "ipfix_test_openbsd_pflow_tpl ipfix_test_openbsd_pflow_data",
    "netflow9_test_cisco_asa_1_tpl netflow9_test_cisco_asa_1_data",
    "netflow9_test_paloalto_panos_tpl netflow9_test_paloalto_panos_data",
    "netflow9_test_ubnt_edgerouter_tpl netflow9_test_ubnt_edgerouter_data1024 netflow9_test_ubnt_edgerouter_data1025",
    "netflow9_test_h3c_netstream_varstring_tpl3281 netflow9_test_h3c_netstream_varstring_data3281",
    "telegraf_ipfix_0 telegraf_ipfix_1 telegraf_ipfix_2 telegraf_ipfix_3 telegraf_ipfix_4 telegraf_ipfix_5 telegraf_ipfix_6",
]

# Where the two differ: (tshark's count, ours), and why. A count that changes on either side fails the test.
DIFFERENCES = {
    "netflow9_test_invalid01": ((0, 3), "(tshark stops at the header's count of records, which we do not look at: exporters get it wrong)"),
    "own redefinition": ((5, 10), "(tshark reads on by the template of an id that came first; RFC 7011 section 8.1: by the last)"),
}


def as_capture(datagrams, port, path):
    """A capture of raw IPv4 packets (LINKTYPE_RAW). No checksums: UDP's may be zero, and IP's is looked at by neither side."""
    out = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101)
    for number, datagram in enumerate(datagrams):
        udp = struct.pack("!HHHH", 40000, port, 8 + len(datagram), 0) + datagram
        ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), number, 0, 64, 17, 0, bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2]))
        out += struct.pack("<IIII", 1729498443 + number, 0, 20 + len(udp), 20 + len(udp)) + ip + udp
    path.write_bytes(out)
    return path


def messages_of(data):
    """IPFIX messages that stand back to back, by the length in their headers."""
    while data:
        length = struct.unpack_from("!H", data, 2)[0]
        yield data[:length]
        data = data[length:]


def flow_set(set_id, body):
    return struct.pack("!HH", set_id, 4 + len(body)) + body


def template(template_id, fields):
    return struct.pack("!HH", template_id, len(fields)) + b"".join(struct.pack("!HH", *field) for field in fields)


NAT = [(323, 8), (230, 1), (8, 4), (225, 4), (7, 2), (227, 2), (4, 1)]
NAT_V9 = [field for field in NAT if field[0] != 323]


def nat_record(number):
    return struct.pack("!B4s4sHHB", 4, bytes([100, 64, 0, number]), bytes([203, 0, 113, 7]), 40000 + number, 2000 + number, 17)


def message(sequence, domain, *sets):
    body = b"".join(sets)
    return struct.pack("!HHIII", 10, 16 + len(body), 1729498443, sequence, domain) + body


def own_ipfix():
    """Fixed and variable length, options, padding, one template id in two observation domains."""
    at = struct.pack("!Q", 1729498443000)
    nat = b"".join(at + nat_record(n) for n in range(40))
    options = struct.pack("!HHH", 300, 2, 1) + struct.pack("!HHHH", 149, 4, 160, 8)  # systemInitTime of a domain
    named = b"".join(bytes([len(user)]) + user + bytes([100, 64, 0, 9]) for user in (b"L-000123", b"", b"L-1"))
    return [
        message(0, 1, flow_set(2, template(256, NAT)), flow_set(256, nat)),
        message(40, 1, flow_set(3, options), flow_set(300, struct.pack("!IQ", 1, 1729000000000))),
        message(41, 1, flow_set(2, template(257, [(371, 65535), (8, 4)])), flow_set(257, named)),
        message(44, 1, flow_set(2, template(258, [(8, 4), (225, 4)])), flow_set(258, bytes(8 * 5) + b"\0\0\0")),
        message(0, 2, flow_set(2, template(256, NAT) + template(258, [(8, 4)])), flow_set(256, nat), flow_set(258, bytes(4 * 7))),
    ], 40 + 1 + 3 + 5 + 40 + 7


def own_redefinition():
    """The same id for records of 16 octets, then of 8."""
    return [
        message(0, 1, flow_set(2, template(256, [(27, 16)])), flow_set(256, bytes(16))),
        message(1, 1, flow_set(2, template(256, [(8, 4), (225, 4)])), flow_set(256, bytes(8 * 3))),
        message(4, 1, flow_set(256, bytes(8 * 6))),
    ], 1 + 3 + 6


def own_netflow9():
    def packet(sequence, count, *sets):
        return struct.pack("!HHIIII", 9, count, 100000, 1729498443, sequence, 1) + b"".join(sets)

    records = b"".join(nat_record(n) for n in range(20))
    return [
        packet(0, 21, flow_set(0, template(256, NAT_V9)), flow_set(256, records)),
        packet(1, 20, flow_set(256, records)),
    ], 40


OWN = {"own ipfix": ("ipfix", own_ipfix()), "own redefinition": ("ipfix", own_redefinition()),
       "own netflow9": ("netflow9", own_netflow9())}


def tshark_count(tshark, capture, port):
    done = subprocess.run([tshark, "-n", "-V", "-r", capture, "-d", f"udp.port=={port},cflow"], capture_output=True, text=True,
                          timeout=TIMEOUT_S)
    assert done.returncode == 0, done.stderr
    return len(re.findall(r"^ +Flow \d+", done.stdout, re.MULTILINE))


def our_count(probatio, format_name, capture):
    """A capture with a broken message ends with code 4; what could be read is counted all the same."""
    done = subprocess.run([probatio, "decode", "--format", format_name, capture], capture_output=True, text=True, timeout=TIMEOUT_S)
    assert done.returncode in (0, 4), f"exit {done.returncode}\n{done.stderr}"
    return sum(int(count) for count in re.findall(r"^(?:data|options) records: (\d+)$", done.stderr, re.MULTILINE))


def corpus(folder, scratch):
    """Name, format and capture of each sequence of files, of each file that stands alone, and of each capture."""
    files = {path.stem: path for path in folder.iterdir() if path.suffix in (".dat", ".bin")}
    grouped = [line.split() for line in SEQUENCES]
    alone = sorted(set(files) - {name for names in grouped for name in names})
    for names in [*grouped, *([name] for name in alone)]:
        missing = [name for name in names if name not in files]
        assert not missing, f"the corpus lacks {missing}"
        format_name = "netflow9" if names[0].startswith("netflow9") else "ipfix"
        yield names[0], format_name, as_capture([files[name].read_bytes() for name in names], PORTS[format_name],
                                                scratch / f"{names[0]}.pcap")
    for path in sorted(folder.glob("*.pcap")):
        yield path.stem, "ipfix", path


def ours(scratch):
    for seed in sorted((ROOT / "fuzz/seeds/flow").iterdir()):
        yield seed.name, "ipfix", as_capture(messages_of(seed.read_bytes()), PORTS["ipfix"], scratch / f"{seed.name}.pcap")
    for name, (format_name, (datagrams, _)) in OWN.items():
        yield name, format_name, as_capture(datagrams, PORTS[format_name], scratch / f"{name}.pcap")


def port_of(path, format_name):
    """tshark is told on which port flow records came; of the corpus's captures these two have others."""
    return {"pmacct_100_ipfix_cisco": 9991, "scapy_ipfix": 9995}.get(path.stem, PORTS[format_name])


def main():
    probatio, tshark = sys.argv[1], shutil.which("tshark")
    if not tshark:
        print("tshark: skipped, it is not installed")
        return SKIPPED
    flow = pathlib.Path(os.environ.get("PROBATIO_CORPUS", "/nonexistent")) / "flow"
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        captures = list(ours(scratch))
        if flow.is_dir():
            captures += corpus(flow, scratch)
        else:
            print("the corpus: skipped, PROBATIO_CORPUS names no folder with flow/")
        wrong = []
        for name, format_name, path in captures:
            told = tshark_count(tshark, path, port_of(path, format_name)), our_count(probatio, format_name, path)
            expected, why = DIFFERENCES.get(name, ((told[1], told[1]), ""))
            print(f"{name}: tshark {told[0]}, probatio {told[1]} {why}")
            if told != expected or (name in OWN and told[1] != OWN[name][1][1]):
                wrong.append(name)
        assert not wrong, wrong
    return 0


if __name__ == "__main__":
    sys.exit(main())
