"""Files are fetched from folders, web hosts and Debian packages, good and bad ones."""

import gzip
import hashlib
import io
import logging
import shutil
import socket
import subprocess
import tarfile
import threading
import time
import tracemalloc
from contextlib import ExitStack, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from d2l_lab.datasets import sources
from d2l_lab.errors import LabError

SMALL = Path(__file__).parents[1] / "data" / "fashion_mnist"
PACKED = {path.stem: path.read_bytes() for path in sorted(SMALL.glob("*.gz"))}
PLAIN = {name: gzip.decompress(packed) for name, packed in PACKED.items()}
FILES = {name: hashlib.sha256(plain).hexdigest() for name, plain in PLAIN.items()}
IMAGES = "train-images-idx3-ubyte"
LABELS = "train-labels-idx1-ubyte"
ONE, TWO = ({name: FILES[name] for name in names} for names in ([LABELS], [IMAGES, LABELS]))


def contents(folder):
    """Return every file of a folder, hidden ones too."""
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}


def fill(folder, files, suffix=""):
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / f"{name}{suffix}").write_bytes(data)
    return {"folder": str(folder)}


def fetched(target, *given, files=FILES):
    """Fetch files from sources; return whether exactly these exist now."""
    sources.fetch(files, given, target)
    return contents(target) == {name: PLAIN[name] for name in files}


def failure(target, *given, files=FILES):
    with pytest.raises(LabError) as caught:
        sources.fetch(files, given, target)
    return str(caught.value)


def reasons(message):
    """Return the lines of a message that are about sources."""
    return [line.removeprefix("- ") for line in message.splitlines() if line.startswith("- ")]


@pytest.fixture
def target(tmp_path):
    return tmp_path / "result" / "FashionMNIST" / "raw"


@pytest.fixture
def good(tmp_path):
    return fill(tmp_path / "good", PACKED, ".gz")


class Host:
    """A web host: answers by path, the paths requested so far, and a way to end hanging answers."""

    def __init__(self):
        self.answers = {}
        self.asked = []
        self.closing = threading.Event()
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                name = self.path.removeprefix("/data/")
                host.asked.append(name)
                host.answers.get(name, not_found)(self)

            def log_message(self, *arguments):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.source = {"url": f"http://127.0.0.1:{self.server.server_port}/data/"}

    def serve(self, files, answer):
        self.answers |= {f"{name}.gz": answer(data) for name, data in files.items()}
        return self.source


def answer(status, parts=(), **headers):
    def send(handler):
        handler.send_response(status)
        for key, value in headers.items():
            handler.send_header(key.replace("_", "-"), value)
        handler.end_headers()
        with suppress(ConnectionError):
            for part in parts:
                handler.wfile.write(part)

    return send


def not_found(handler):
    handler.send_error(404)


def whole(data, **headers):
    return answer(200, [data], Content_Length=len(data), **headers)


def cut_off(data):
    return answer(200, [data[: len(data) // 2]], Content_Length=len(data))


def led_on(address, parts=()):
    return answer(302, parts, Location=address)


@pytest.fixture
def host(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")
    host = Host()
    thread = threading.Thread(target=host.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield host
    host.closing.set()
    host.server.shutdown()
    thread.join()
    host.server.server_close()


# Folders


@pytest.mark.parametrize(("files", "suffix"), [(PACKED, ".gz"), (PLAIN, "")])
def test_a_folder_gives_packed_and_plain_files(tmp_path, target, monkeypatch, files, suffix):
    fill(tmp_path / "data" / "mine", files, suffix)
    monkeypatch.chdir(tmp_path)
    assert fetched(target, {"folder": "data/mine"})  # relative to the current folder


def test_each_file_comes_from_the_first_source_with_a_good_copy(tmp_path, target, caplog):
    first = fill(tmp_path / "first", {**PLAIN, IMAGES: PLAIN[IMAGES][:-1] + b"?"})
    second = fill(tmp_path / "second", {IMAGES: PACKED[IMAGES][:-100]}, ".gz")
    third = fill(tmp_path / "third", PACKED, ".gz")
    caplog.set_level(logging.INFO, logger=sources.__name__)
    assert fetched(target, first, second, third)
    outcomes = [message.removeprefix(f"folder {tmp_path}/") for message in caplog.messages]
    assert [line for line in outcomes if LABELS in line] == [f"first: {LABELS}: ok, verified"]
    wrong, cut, right = [line for line in outcomes if IMAGES in line]
    assert wrong.startswith(f"first: {IMAGES}: wrong bytes: SHA-256 ")
    assert cut == f"second: {IMAGES}: the gzip file is truncated"
    assert right == f"third: {IMAGES}: ok, verified"
    assert len(outcomes) == len(FILES) + 2


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (PACKED[LABELS][:-4], "the gzip file is truncated"),
        (PACKED[LABELS][:2], "the gzip file is truncated"),
        (PACKED[LABELS][:30] + b"damage" + PACKED[LABELS][36:], "damaged gzip file"),
        (PACKED[LABELS][:-8] + bytes(8), "damaged gzip file"),
        (gzip.compress(PACKED[LABELS]), "wrong bytes"),
        (gzip.compress(PLAIN[LABELS] + b"more"), "wrong bytes"),
        (b"<html>Moved</html>", "wrong bytes"),
        (b"", "wrong bytes"),
    ],
)
def test_bad_bytes_never_reach_the_target(tmp_path, target, data, reason):
    bad = fill(tmp_path / "bad", {LABELS: data}, ".gz")
    assert f"folder {tmp_path / 'bad'}: {reason}" in failure(target, bad, files=ONE)
    assert contents(target) == {}


def test_bytes_after_the_end_of_a_gzip_file_do_no_harm(tmp_path, target):
    padded = fill(tmp_path / "padded", {LABELS: PACKED[LABELS] + bytes(100)}, ".gz")
    assert fetched(target, padded, files=ONE)


def test_a_folder_in_place_of_a_file_is_not_taken_for_it(tmp_path, target):
    (tmp_path / "odd" / LABELS).mkdir(parents=True)
    message = failure(target, {"folder": str(tmp_path / "odd")}, files=ONE)
    assert f"no such file, gzipped or not, in {tmp_path / 'odd'}" in message


def test_a_decompression_bomb_is_stopped_at_the_limit(tmp_path, target, good, monkeypatch):
    monkeypatch.setattr(sources, "LARGEST_FILE_BYTES", 1_000_000)
    written = []
    consume = sources._gunzip
    monkeypatch.setattr(
        sources, "_gunzip", lambda chunks: (written.append(len(c)) or c for c in consume(chunks))
    )
    bomb = fill(tmp_path / "bomb", {LABELS: gzip.compress(bytes(20_000_000))}, ".gz")
    assert "larger than 1000000 bytes when unpacked" in failure(target, bomb, files=ONE)
    assert sum(written) <= 1_000_000 + sources.CHUNK_BYTES
    assert contents(target) == {}
    assert fetched(target, bomb, good, files=ONE)


# Existing files


def test_good_files_already_there_are_kept_and_bad_ones_replaced(target, host):
    fill(target, {**PLAIN, LABELS: b"bad"})
    before = (target / IMAGES).stat()
    assert fetched(target, host.serve(PACKED, whole))
    assert host.asked == [f"{LABELS}.gz"]
    assert (target / IMAGES).stat().st_ino == before.st_ino
    assert fetched(target, {"debian": "no-such-package"}, host.source)
    assert host.asked == [f"{LABELS}.gz"]  # nothing more, since all files exist


# Web hosts


@pytest.mark.parametrize("slash", ["/", ""])
@pytest.mark.parametrize("headers", [{}, {"Content_Encoding": "gzip"}])
def test_a_web_host_may_send_compressed_files_and_even_declare_them_an_encoding(
    target, host, slash, headers
):
    host.serve(PACKED, lambda data: whole(data, **headers))
    assert fetched(target, {"url": host.source["url"].rstrip("/") + slash})


def test_a_bomb_that_a_host_compresses_twice_does_not_fill_the_memory(target, host, monkeypatch):
    monkeypatch.setattr(sources, "LARGEST_FILE_BYTES", 1_000_000)
    bomb = gzip.compress(gzip.compress(bytes(100_000_000), 1))
    host.serve({LABELS: bomb}, lambda data: whole(data, Content_Encoding="gzip, gzip"))
    tracemalloc.start()
    try:
        message = failure(target, host.source, files=ONE)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()
    assert "larger than 1000000 bytes when unpacked" in message


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (not_found, "HTTP 404 Not Found"),
        (cut_off(PACKED[LABELS]), "IncompleteRead"),
        (whole(PACKED[LABELS][:-20]), "the gzip file is truncated"),
        (whole(b"<html>Please log in</html>"), "wrong bytes"),
    ],
)
def test_a_bad_response_is_reported_in_plain_words(target, host, answer, reason):
    host.answers[f"{LABELS}.gz"] = answer
    assert f"url {host.source['url']}: {reason}" in failure(target, host.source, files=ONE)
    assert contents(target) == {}


def test_the_body_of_a_redirect_is_not_read(target, host):
    taken = []
    endless = (taken.append(1) or bytes(1_000_000) for _ in range(50))  # 50 MB represent it
    host.serve({"elsewhere": PACKED[LABELS]}, whole)
    host.answers[f"{LABELS}.gz"] = led_on("elsewhere.gz", endless)
    assert fetched(target, host.source, files=ONE)
    assert len(taken) < 50


@pytest.mark.parametrize("scheme", ["file", "ftp"])
def test_a_host_cannot_redirect_to_a_file_on_this_machine(target, host, good, scheme):
    host.answers[f"{LABELS}.gz"] = led_on(f"{scheme}://{good['folder']}/{LABELS}.gz")
    message = failure(target, host.source, files=ONE)
    assert f"No connection adapters were found for '{scheme}:///" in message
    assert contents(target) == {}


def test_control_characters_of_a_host_are_not_shown(target, host, caplog):
    caplog.set_level(logging.INFO, logger=sources.__name__)

    def shout(handler):
        handler.send_response(404, "\x1b[2J\x07Gone")
        handler.end_headers()

    host.answers[f"{LABELS}.gz"] = shout
    message = failure(target, host.source, {"folder": "\x1b[2J"}, files=ONE)
    assert "HTTP 404 ?[2J?Gone" in message
    assert all(line.isprintable() for line in [*message.splitlines(), *caplog.messages])


def test_a_host_that_falls_silent_is_abandoned(target, host, good, monkeypatch):
    monkeypatch.setattr(sources, "READ_SECONDS", 0.2)

    def fall_silent(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(PACKED[LABELS])))
        handler.end_headers()
        handler.wfile.write(PACKED[LABELS][:100])
        handler.wfile.flush()
        host.closing.wait(10)

    host.answers = {f"{LABELS}.gz": fall_silent, f"{IMAGES}.gz": lambda _: host.closing.wait(10)}
    start = time.monotonic()
    message = failure(target, host.source, files=TWO)
    assert reasons(message) == [f"url {host.source['url']}: timed out"]
    assert time.monotonic() - start < 5
    assert fetched(target, host.source, good, files=TWO)


def test_a_host_that_only_trickles_is_abandoned(target, host, monkeypatch):
    monkeypatch.setattr(sources, "DOWNLOAD_SECONDS", 0.3)
    monkeypatch.setattr(sources, "CHUNK_BYTES", 100)

    parts = (PACKED[IMAGES][start:][:100] for start in range(0, len(PACKED[IMAGES]), 100))
    slow = (part for part in parts if not host.closing.wait(0.05))
    host.answers[f"{LABELS}.gz"] = answer(200, slow)
    message = failure(target, host.source, files=ONE)
    assert reasons(message)[0].endswith("not finished after 0.3 s")


def test_a_host_that_does_not_exist_is_skipped(target, good, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as closed:
        gone = {"url": f"http://127.0.0.1:{closed.server_port}/"}
    message = failure(target, gone)
    assert reasons(message) == [f"url {gone['url']}: Connection refused"]
    assert fetched(target, gone, good)


def test_a_host_that_does_not_connect_is_waited_for_only_once(target, good, monkeypatch):
    monkeypatch.setattr(sources, "CONNECT_SECONDS", 0.5)
    monkeypatch.setenv("NO_PROXY", "*")
    with socket.socket() as busy, ExitStack() as stack:
        busy.bind(("127.0.0.1", 0))
        busy.listen(0)
        for _ in range(3):  # once the queue is full, further connections get no answer
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(busy.getsockname())
        source = {"url": f"http://127.0.0.1:{busy.getsockname()[1]}/"}
        start = time.monotonic()
        message = failure(target, source)
        assert time.monotonic() - start < 1.5  # not four times 0.5 s
        assert reasons(message) == [f"url {source['url']}: no connection after 0.5 s"]
        assert fetched(target, source, good)


# Debian packages: a real apt-get with a private package source, without a network


def tar_of(*members):
    """Make a tar file of members: name, bytes, and for a link its type and target."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as tar:
        for name, data, *link in members:
            member = tarfile.TarInfo(name)
            member.size = len(data)
            if link:
                member.type, member.linkname = link
            tar.addfile(member, io.BytesIO(data))
    return file.getvalue()


GOOD_MEMBERS = [(f"usr/share/datasets/{name}.gz", packed) for name, packed in PACKED.items()]


class Archive:
    """A package source in a folder, and the apt configuration of a machine that uses it."""

    def __init__(self, folder):
        self.folder = folder
        self.hook_ran = folder / "hook-ran"
        for parts in ("pool", "etc/apt.conf.d", "etc/preferences.d"):
            (folder / parts).mkdir(parents=True)
        self.sources = folder / "etc/sources.list"
        self.sources.write_text(f"deb [trusted=yes] file:{folder}/pool ./\n")
        self.configuration = folder / "machine.conf"
        hook = f'{{ "touch {self.hook_ran}"; }};\n'
        self.configuration.write_text(
            f'Dir::Etc "{folder}/etc";\n'
            f"APT::Update::Post-Invoke {hook}APT::Update::Post-Invoke-Success {hook}"
        )

    def add(self, package, data=None):
        """Build a package around a tar file, even one that dpkg-deb would never build."""
        control = f"Package: {package}\nVersion: 1\nArchitecture: all\n"
        deb = self.folder / "pool" / f"{package}_1_all.deb"
        parts = {
            "debian-binary": b"2.0\n",
            "control.tar": tar_of(("control", control.encode())),
            "data.tar": data or tar_of(*GOOD_MEMBERS),
        }
        with deb.open("wb") as file:
            file.write(b"!<arch>\n")
            for name, part in parts.items():
                file.write(f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(part):<10}`\n".encode())
                file.write(part + b"\n" * (len(part) % 2))
        about = f"Filename: ./{deb.name}\nSize: {deb.stat().st_size}\n"
        sha256 = hashlib.sha256(deb.read_bytes()).hexdigest()
        with (self.folder / "pool" / "Packages").open("a") as index:
            index.write(f"{control}{about}SHA256: {sha256}\n\n")
        return deb


@pytest.fixture
def archive(tmp_path, monkeypatch):
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        pytest.skip("needs apt-get and dpkg-deb")
    archive = Archive(tmp_path / "archive")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("APT_CONFIG", str(archive.configuration))
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    yield archive
    assert contents(scratch) == {}


def test_a_debian_package_provides_its_files_and_apt_runs_no_hook(archive, target, caplog):
    archive.add("fashion")
    caplog.set_level(logging.INFO, logger=sources.__name__)
    assert fetched(target, {"debian": "fashion"})
    assert caplog.messages == [f"debian fashion: {name}: ok, verified" for name in FILES]
    assert not archive.hook_ran.exists()


def test_a_package_source_that_is_gone_does_not_hide_another(archive, target):
    archive.add("fashion")
    with archive.sources.open("a") as package_sources:
        package_sources.write(f"deb file:{archive.folder}/gone ./\n")
    assert fetched(target, {"debian": "fashion"})


UP = "../" * 20
HOSTILE = {  # members: name, bytes, and for a link its type and target
    "climbs out": [(UP + "{outside}/made", b"x")],
    "is absolute": [("{outside}/made", b"x")],
    "goes through a link": [
        ("link", b"", tarfile.SYMTYPE, "{outside}"),
        ("link/made", b"x"),
    ],
    "goes through a climbing link": [
        ("link", b"", tarfile.SYMTYPE, UP + "{outside}"),
        ("link/made", b"x"),
    ],
    "writes through a hard link": [
        ("link", b"", tarfile.LNKTYPE, "{outside}/there"),
        ("link", b"changed"),
    ],
    "is a device": [(f"{IMAGES}.gz", b"", tarfile.FIFOTYPE, "")],
    "reads through a link": [(f"{IMAGES}.gz", b"", tarfile.SYMTYPE, f"{{outside}}/{IMAGES}.gz")],
    "reads through a hard link": [
        (f"{IMAGES}.gz", b"", tarfile.LNKTYPE, f"{{outside}}/{IMAGES}.gz")
    ],
}


@pytest.mark.parametrize("way", HOSTILE)
def test_no_member_of_a_package_leads_out_of_it(archive, tmp_path, target, way):
    outside = tmp_path / "outside"
    before = {"there": b"there", f"{IMAGES}.gz": PACKED[IMAGES]}
    fill(outside, before)
    members = [
        tuple(part.format(outside=outside) if isinstance(part, str) else part for part in member)
        for member in HOSTILE[way]
    ]
    archive.add("hostile", tar_of(*members, (f"{LABELS}.gz", PACKED[LABELS])))
    message = failure(target, {"debian": "hostile"})
    assert reasons(message) == ["debian hostile: no such file, gzipped or not, in the package"]
    assert contents(outside) == before
    assert contents(target) == {LABELS: PLAIN[LABELS]}


def test_a_package_larger_than_the_data_can_be_is_skipped(archive, target, good, monkeypatch):
    monkeypatch.setattr(sources, "LARGEST_FILE_BYTES", 1_000_000)
    archive.add("bomb", tar_of(*GOOD_MEMBERS, ("bomb", bytes(20_000_000))))
    assert "File size limit exceeded" in failure(target, {"debian": "bomb"})
    assert contents(target) == {}
    assert fetched(target, {"debian": "bomb"}, good)


def sparse_by_words():
    """Make a tar file whose one member has a word in place of a number."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
        member = tarfile.TarInfo("odd")
        member.pax_headers = {"GNU.sparse.map": "one,two"}
        tar.addfile(member)
    return file.getvalue()


@pytest.mark.parametrize("data", [b"no tar file " * 100, sparse_by_words()])
def test_a_damaged_package_is_reported(archive, target, data):
    archive.add("damaged", data)
    message = failure(target, {"debian": "damaged"})
    assert reasons(message)[0].startswith("debian damaged: damaged package: ")
    assert contents(target) == {}


@pytest.mark.parametrize("name", ["fashoin", "--version"])  # a name that looks like an option
def test_an_unknown_package_is_reported_in_the_words_of_apt(archive, target, good, name):
    archive.add("fashion")
    message = failure(target, {"debian": name})
    assert f"debian {name}: E: Unable to locate package {name}" in message
    assert fetched(target, {"debian": name}, good)


def test_a_package_other_than_the_one_indexed_is_refused(archive, target):
    deb = archive.add("fashion")
    deb.write_bytes(deb.read_bytes()[:-1] + b"?")
    assert "Hash Sum mismatch" in failure(target, {"debian": "fashion"})
    assert contents(target) == {}


def test_apt_is_stopped_if_it_takes_too_long(archive, target, monkeypatch):
    monkeypatch.setattr(sources, "APT_SECONDS", 0.001)
    assert "timed out after 0.001 seconds" in failure(target, {"debian": "fashion"})


# Failures


def test_if_all_sources_fail_one_message_names_each_and_says_what_to_do(
    tmp_path, target, host, good, monkeypatch
):
    monkeypatch.setenv("PATH", str(tmp_path))
    nowhere = tmp_path / "nowhere"
    host.serve({LABELS: b"<html></html>"}, whole)
    package = {"debian": "dataset-fashion-mnist"}
    message = failure(target, {"folder": str(nowhere)}, host.source, package)
    others = ", ".join(name for name in FILES if name != LABELS)
    html = hashlib.sha256(b"<html></html>").hexdigest()
    wrong = f"wrong bytes: SHA-256 {html[:12]}…, expected {FILES[LABELS][:12]}…"
    assert message.splitlines()[0] == f"no source provides 4 of 4 files: {', '.join(FILES)}"
    assert reasons(message) == [
        f"folder {nowhere}: no such file, gzipped or not, in {nowhere}",
        f"url {host.source['url']}: HTTP 404 Not Found ({others}); {wrong} ({LABELS})",
        "debian dataset-fashion-mnist: this machine does not have apt-get",
    ]
    assert "as the first source\nunder datasets.fashion_mnist.sources in config.yaml" in message
    assert "On Debian, the package dataset-fashion-mnist" in message
    assert fetched(target, package, good)


def test_the_message_mentions_only_files_that_are_still_missing(tmp_path, target):
    first = fill(tmp_path / "first", {LABELS: b"bad"})
    second = fill(tmp_path / "second", {LABELS: PLAIN[LABELS]})
    message = failure(target, first, second, files=TWO)
    assert message.startswith(f"no source provides 1 of 2 files: {IMAGES}\n")
    assert LABELS not in message


def test_a_folder_that_cannot_be_made_is_reported_at_once(tmp_path, host, good):
    (tmp_path / "file").write_bytes(b"")
    message = failure(tmp_path / "file" / "raw", host.serve(PACKED, whole), good)
    assert message.startswith(f"cannot write {tmp_path / 'file' / 'raw'}: Not a directory\n")
    assert len(host.asked) <= 1


def test_a_full_disk_is_reported_at_once_and_blamed_on_no_source(tmp_path, host):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounting = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], capture_output=True, check=False
    )
    if mounting.returncode:
        pytest.skip("needs the right to mount a small disk")
    try:
        wanted = {name: FILES[name] for name in (LABELS, IMAGES, "t10k-images-idx3-ubyte")}
        message = failure(disk, host.serve(PACKED, whole), files=wanted)
        assert message.startswith(f"cannot write {disk}: No space left on device\n")
        assert host.asked == [f"{LABELS}.gz", f"{IMAGES}.gz"]
        assert contents(disk) == {LABELS: PLAIN[LABELS]}
    finally:
        subprocess.run(["umount", disk], check=True)
