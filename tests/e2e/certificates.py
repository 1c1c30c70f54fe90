"""Keys and certificates for one run of the tests, by openssl's command line."""

import subprocess


class Authority:
    """Signs certificates; `certificate` is the file that its believers have."""

    def __init__(self, folder, name="authority"):
        self.folder, self.name = folder, name
        folder.mkdir(parents=True, exist_ok=True)
        self.certificate, self.key = folder / f"{name}.pem", folder / f"{name}.key"
        openssl("req", "-x509", *new_key(self.key), "-subj", f"/CN={name}", "-days", "30", "-out", self.certificate)

    def issue(self, name, days=30, key_usage="serverAuth,clientAuth"):
        """The files of a certificate and of its key, for localhost and its addresses."""
        certificate, key, request = (self.folder / f"{name}.{end}" for end in ("pem", "key", "csr"))
        openssl("req", *new_key(key), "-subj", f"/CN={name}", "-out", request)
        extensions = self.folder / f"{name}.ext"
        extensions.write_text(
            f"subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1\nbasicConstraints=CA:FALSE\nextendedKeyUsage={key_usage}\n"
        )
        signed_by = ["-CA", self.certificate, "-CAkey", self.key, "-CAcreateserial"]
        openssl("x509", "-req", "-in", request, *signed_by, "-days", days, "-extfile", extensions, "-out", certificate)
        return certificate, key


def new_key(path):
    return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", path]


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, timeout=60)
