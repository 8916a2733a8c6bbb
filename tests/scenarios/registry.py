"""A certificate authority as a court's registry keeps it, made by openssl."""
import subprocess

CA_CONFIG = """[ca]
default_ca = house
[house]
database = {0}/index.txt
new_certs_dir = {0}
rand_serial = yes
crlnumber = {0}/number
default_md = sha256
policy = any
[any]
commonName = supplied
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
[person]
keyUsage = critical,nonRepudiation
[req]
distinguished_name = any
"""


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


class House:
    """A certificate authority made by openssl, valid in 2024: a court's registry."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        (folder / "index.txt").touch()
        (folder / "number").write_text("01\n")
        (folder / "ca.cnf").write_text(CA_CONFIG.format(folder))
        self.certify("root", "-selfsign", "-keyfile", folder / "root.key", "-extensions", "root")

    def ca(self, *arguments):
        openssl("ca", "-config", self.folder / "ca.cnf", "-batch", *arguments)

    def certify(self, name, *how):
        openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", self.folder / f"{name}.key", "-subj", f"/CN={name}",
                "-config", self.folder / "ca.cnf", "-out", self.folder / f"{name}.csr")
        self.ca("-in", self.folder / f"{name}.csr", "-out", self.folder / f"{name}.crt", "-notext", "-startdate",
                "20240101000000Z", "-enddate", "20260101000000Z", *(how or self.by_root("-extensions", "person")))

    def by_root(self, *rest):
        return ("-keyfile", self.folder / "root.key", "-cert", self.folder / "root.crt", *rest)

    def list(self, name):
        self.ca("-gencrl", *self.by_root(), "-crl_lastupdate", "20241110000000Z", "-crl_nextupdate", "20241210000000Z", "-out",
                self.folder / name)
        return self.folder / name

    def sign_pdf(self, path, room=8192):
        """An object with a signature over all the file but the hexadecimal string."""
        def before(gap, rest):
            return (b"%%PDF-1.7\n1 0 obj\n<</SubFilter/ETSI.CAdES.detached/ByteRange[0 %06d %06d %06d]/Contents"
                    % (gap, gap + room + 2, rest))
        tail = b">>\nendobj\n%%EOF\n"
        head = before(len(before(0, 0)), len(tail))
        (self.folder / "signed").write_bytes(head + tail)
        openssl("cms", "-sign", "-binary", "-cades", "-in", self.folder / "signed", "-signer", self.folder / "judge.crt", "-inkey",
                self.folder / "judge.key", "-outform", "DER", "-out", self.folder / "cms")
        path.write_bytes(head + b"<" + (self.folder / "cms").read_bytes().hex().encode().ljust(room, b"0") + b">" + tail)
