"""Where the data come from, and what happens when they do not come."""

import functools
import hashlib
import io
import os
import pickle
import socketserver
import tempfile
import threading
import time
import warnings
import zipfile
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pytest

from hpcourse import datasets

REAL = os.environ.get("HPCOURSE_MNIST")
REAL = REAL if REAL and Path(REAL).is_file() else None
load_digits = functools.cache(datasets.load_digits)  # it takes a while to enlarge them
NOWHERE = "http://127.0.0.1:9/mnist.npz"  # the discard port: nobody listens


def shrunken(n_train=50, n_test=10, seed=0):
    """Arrays like MNIST's, but few."""
    rng = np.random.default_rng(seed)
    return {
        "x_train": rng.integers(0, 256, (n_train, 28, 28), dtype=np.uint8),
        "y_train": rng.integers(0, 10, n_train, dtype=np.uint8),
        "x_test": rng.integers(0, 256, (n_test, 28, 28), dtype=np.uint8),
        "y_test": rng.integers(0, 10, n_test, dtype=np.uint8),
    }


def packed(arrays):
    """The bytes of an .npz file."""
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def idx(array):
    """The bytes of an array in the format of the published files."""
    sizes = [2048 + array.ndim, *array.shape]
    return b"".join(size.to_bytes(4, "big") for size in sizes) + array.tobytes()


@pytest.fixture
def arrays(monkeypatch):
    """Small arrays that pass for MNIST in one test, so that the test needs no real file."""
    made = shrunken()
    monkeypatch.setattr(
        datasets,
        "_CONTENT",
        {name: (a.shape, hashlib.md5(idx(a)).hexdigest()) for name, a in made.items()},
    )
    return made


@pytest.fixture(autouse=True)
def cache(monkeypatch, tmp_path):
    """A machine without MNIST: nothing named, an empty cache, no network."""
    monkeypatch.delenv("HPCOURSE_MNIST", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr(datasets, "URL", NOWHERE)
    monkeypatch.setattr(datasets, "load_digits", load_digits)
    return tmp_path / "keras" / "datasets" / "mnist.npz"


@pytest.fixture
def named(monkeypatch, tmp_path):
    """The file that HPCOURSE_MNIST names, not yet written."""
    path = tmp_path / "named.npz"
    monkeypatch.setenv("HPCOURSE_MNIST", str(path))
    return path


@contextmanager
def server(monkeypatch, answer):
    """Serve at URL; answer(connection, over) writes to each caller, till over is set."""
    over = threading.Event()
    calls = []

    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            calls.append(self.request.recv(65536))
            with suppress(OSError):  # the caller may hang up
                answer(self.request, over)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
        monkeypatch.setattr(datasets, "URL", f"http://127.0.0.1:{running.server_address[1]}/")
        try:
            yield calls
        finally:
            over.set()
            running.shutdown()


def header(size):
    return f"HTTP/1.0 200 OK\r\nContent-Length: {size}\r\n\r\n".encode()


def deliver(content):
    return lambda connection, over: connection.sendall(header(len(content)) + content)


def digits_because(reason):
    """Load; check that the digits came, and that the warning gives this reason."""
    with pytest.warns(datasets.DigitsWarning, match=reason) as caught:
        data = datasets.load()
    assert data.name == "digits"
    # The garbage collector may complain of sockets at any moment.
    (warning,) = (w for w in caught if w.category is not ResourceWarning)
    assert warning.filename == __file__  # it points at the line that loads
    text = str(warning.message)
    assert "scikit-learn's 1,797 digits, not MNIST" in text
    assert "numbers and figures will differ" in text
    return text


def quietly():
    """Load, with any warning an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", ResourceWarning)  # earlier tests' sockets
        return datasets.load()


# The order of the sources


def test_named_file_comes_first(arrays, named, cache, monkeypatch):
    named.write_bytes(packed(arrays))
    cache.parent.mkdir(parents=True)
    cache.write_bytes(b"not looked at")
    with server(monkeypatch, deliver(b"")) as calls:
        assert datasets.find() == named
        assert quietly().name == "mnist"
    assert not calls


def test_cache_comes_second(arrays, cache, monkeypatch):
    cache.parent.mkdir(parents=True)
    cache.write_bytes(packed(arrays))
    with server(monkeypatch, deliver(b"")) as calls:
        assert datasets.find() == cache
        assert quietly().name == "mnist"
    assert not calls


def test_download_comes_third_and_is_kept(arrays, cache, monkeypatch):
    content = packed(arrays)
    assert datasets.find() is None
    with server(monkeypatch, deliver(content)) as calls:
        first = quietly()
        again = quietly()
    assert len(calls) == 1
    assert first.name == again.name == "mnist"
    assert np.array_equal(first.x_test, again.x_test)
    assert cache.read_bytes() == content
    assert [file.name for file in cache.parent.iterdir()] == ["mnist.npz"]
    assert cache.stat().st_mode & 0o777 == 0o644
    assert datasets.find() == cache


def test_digits_come_last(cache):
    digits_because("Connection refused")
    assert not cache.parent.exists()  # nothing is left behind


def test_empty_variable_counts_as_unset(arrays, cache, monkeypatch):
    monkeypatch.setenv("HPCOURSE_MNIST", "")
    cache.parent.mkdir(parents=True)
    cache.write_bytes(packed(arrays))
    assert datasets.find() == cache


def test_cache_is_keras_own(monkeypatch):
    monkeypatch.delenv("KERAS_HOME")
    monkeypatch.setenv("HOME", "/srv/someone")
    assert datasets._cache() == Path("/srv/someone/.keras/datasets/mnist.npz")
    monkeypatch.setenv("KERAS_HOME", "")
    assert datasets._cache() == Path("/srv/someone/.keras/datasets/mnist.npz")
    monkeypatch.setenv("KERAS_HOME", "~/elsewhere")
    assert datasets._cache() == Path("/srv/someone/elsewhere/datasets/mnist.npz")


def test_named_file_may_start_with_a_tilde(arrays, monkeypatch, tmp_path):
    (tmp_path / "mine.npz").write_bytes(packed(arrays))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HPCOURSE_MNIST", "~/mine.npz")
    assert quietly().name == "mnist"


# A wrong path


@pytest.mark.parametrize("path", ["missing.npz", "no/such/folder.npz", "~nobody-here/m.npz"])
def test_missing_file_is_an_error(monkeypatch, path):
    monkeypatch.setenv("HPCOURSE_MNIST", path)
    for ask in (datasets.find, datasets.load, datasets.load_mnist):
        with pytest.raises(FileNotFoundError, match="HPCOURSE_MNIST names") as caught:
            ask()
        assert repr(path) in str(caught.value)
        assert "unset it" in str(caught.value)


def test_relative_path_is_spelled_out(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HPCOURSE_MNIST", "here.npz")
    with pytest.raises(FileNotFoundError) as caught:
        datasets.load()
    assert str(tmp_path / "here.npz") in str(caught.value)


def test_what_is_found_stays_found_wherever_the_working_directory_goes(
    arrays, monkeypatch, tmp_path
):
    content = packed(arrays)
    (tmp_path / "here.npz").write_bytes(content)
    (tmp_path / "keras" / "datasets").mkdir(parents=True)
    (tmp_path / "keras" / "datasets" / "mnist.npz").write_bytes(content)
    for name, value in (
        ("HPCOURSE_MNIST", "here.npz"),
        ("HPCOURSE_MNIST", "./keras/datasets/mnist.npz"),
        ("KERAS_HOME", "keras"),
    ):
        monkeypatch.delenv("HPCOURSE_MNIST", raising=False)
        monkeypatch.setenv(name, value)
        monkeypatch.chdir(tmp_path)
        path = datasets.find()
        monkeypatch.chdir("/")
        assert path.is_absolute()
        assert path.read_bytes() == content


def test_a_download_is_kept_where_it_began(arrays, monkeypatch, tmp_path):
    """In the cache of the working directory then, whatever that is when it has come."""
    monkeypatch.setenv("KERAS_HOME", "keras")
    monkeypatch.chdir(tmp_path)

    def fetched():
        monkeypatch.chdir("/")
        return packed(arrays)

    monkeypatch.setattr(datasets, "_fetch", fetched)
    assert quietly().name == "mnist"
    assert (tmp_path / "keras" / "datasets" / "mnist.npz").read_bytes() == packed(arrays)


def test_directory_is_an_error(monkeypatch, tmp_path):
    monkeypatch.setenv("HPCOURSE_MNIST", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="is not a file"):
        datasets.load()


def test_path_too_long_is_an_error(monkeypatch):
    monkeypatch.setenv("HPCOURSE_MNIST", "x" * 5000)
    with pytest.raises(FileNotFoundError, match="is not a file"):
        datasets.load()


# A file that is not MNIST


def refused(path, content, match):
    """Check that a file is an error, whoever names it, and that the error names the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    with pytest.raises(ValueError, match=match) as caught:
        datasets.load()
    assert str(path) in str(caught.value)
    return str(caught.value)


def test_error_says_what_to_do(arrays, cache, monkeypatch):
    assert "Delete this file" in refused(cache, b"", "damaged")
    monkeypatch.setenv("HPCOURSE_MNIST", str(cache))
    text = refused(cache, b"", "damaged")
    assert "HPCOURSE_MNIST" in text
    assert "Delete" not in text  # it may be precious, and deleting it would not help


@pytest.mark.parametrize("share", [0, 0.001, 0.1, 0.5, 0.9, 0.999])
def test_truncated_file(arrays, named, share):
    content = packed(arrays)
    refused(named, content[: int(share * len(content))], "damaged.*not a whole zip")


def test_file_with_a_torn_member(arrays, named):
    """A zip whose directory is whole, with garbage where the pixels should be."""
    content = bytearray(packed(arrays))
    middle = len(content) // 2
    content[middle : middle + 100] = bytes(100)
    refused(named, bytes(content), "damaged")


def test_no_flipped_byte_passes(arrays, named):
    """Whatever byte changes, the arrays are MNIST's or an error is raised."""
    content = packed(arrays)
    rng = np.random.default_rng(0)
    for position in [*range(0, 300, 3), *rng.integers(len(content), size=200)]:
        changed = bytearray(content)
        changed[position] ^= 0xFF
        named.write_bytes(bytes(changed))
        try:
            read = datasets._read(named)
        except ValueError:
            continue
        assert all(np.array_equal(read[name], arrays[name]) for name in arrays)


@pytest.mark.parametrize("name", ["x_train", "y_train", "x_test", "y_test"])
def test_one_altered_value(arrays, named, name):
    arrays[name].flat[7] ^= 1
    refused(named, packed(arrays), f"is altered: its {name} differs")


def test_other_arrays(named):
    refused(named, packed({"images": np.zeros(3), "labels": np.zeros(3)}), "holds images, labels")


def test_missing_array(arrays, named):
    del arrays["y_test"]
    refused(named, packed(arrays), "no y_test")


def test_empty_archive(named):
    file = io.BytesIO()
    zipfile.ZipFile(file, "w").close()
    refused(named, file.getvalue(), "holds nothing")


def test_other_shape(arrays, named):
    arrays["x_train"] = arrays["x_train"].reshape(50, 784)
    refused(named, packed(arrays), r"x_train is uint8 of shape \(50, 784\), not .*\(50, 28, 28\)")


@pytest.mark.parametrize("dtype", ["float32", "int64", "int8"])
def test_other_type(arrays, named, dtype):
    arrays["y_test"] = arrays["y_test"].astype(dtype)
    refused(named, packed(arrays), f"y_test is {dtype}")


def test_order_of_memory_does_not_matter(arrays, named):
    named.write_bytes(packed({k: np.asfortranarray(a) for k, a in arrays.items()}))
    assert quietly().name == "mnist"


class Harmful:
    def __reduce__(self):
        return os.abort, ()  # ends the test run if it is ever unpickled


def test_pickles_are_refused(arrays, named):
    refused(named, pickle.dumps(Harmful()), "not a whole zip")
    arrays["x_test"] = np.array([Harmful()], dtype=object)
    refused(named, packed(arrays), "allow_pickle=False")


def single_array():
    file = io.BytesIO()
    np.save(file, np.zeros(3))
    return file.getvalue()


def zip_of_text():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in datasets._CONTENT:
            archive.writestr(name, "text")
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"PK\x03\x04", b"<html>Sign in</html>", bytes(1000), single_array()],
)
def test_no_zip(named, content):
    refused(named, content, "not a whole zip archive")


def test_zip_without_arrays(named):
    refused(named, zip_of_text(), "is not MNIST")


def test_unreadable_file(named, monkeypatch):
    """Simulated: whoever runs the tests may be allowed to read everything."""
    named.write_bytes(b"secret")

    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    with pytest.raises(ValueError, match=r"named\.npz cannot be read: Permission denied"):
        datasets.load()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
def test_really_unreadable_file(named):
    named.write_bytes(b"secret")
    named.chmod(0)
    with pytest.raises(ValueError, match="cannot be read: Permission denied"):
        datasets.load()


# The network


def test_no_network(monkeypatch):
    assert NOWHERE in digits_because("Connection refused")
    monkeypatch.setattr(datasets, "URL", "http://no-such-host.invalid/mnist.npz")
    digits_because("the download from http://no-such-host.invalid/mnist.npz failed")


def test_fallback_comes_within_twenty_seconds():
    """PATIENCE is also how long the watching loop waits, plus a tenth of a second."""
    assert datasets.PATIENCE <= 16
    rate = datasets.LEAST / datasets.PATIENCE
    assert 11.5e6 / rate < 200  # a trickle ends before a cell's limit of 300 seconds


def hang(connection, over):
    over.wait(30)


def half_then_stall(connection, over):
    connection.sendall(header(100_000) + bytes(50_000))
    over.wait(30)


def trickle(connection, over):
    connection.sendall(header(1_000_000))
    while not over.wait(0.02):
        connection.sendall(b"x")


def rush_then_trickle(connection, over):
    connection.sendall(header(5_000_000) + bytes(2_000_000))
    while not over.wait(0.02):
        connection.sendall(b"x")


def headers_without_end(connection, over):
    connection.sendall(b"HTTP/1.0 200 OK\r\n")
    while not over.wait(0.02):
        connection.sendall(b"X-More: headers\r\n")


@pytest.mark.parametrize("answer", [hang, half_then_stall, trickle, headers_without_end])
def test_network_that_hangs(cache, monkeypatch, answer):
    monkeypatch.setattr(datasets, "PATIENCE", 0.6)
    start = time.monotonic()
    with server(monkeypatch, answer):
        digits_because("timed out|bytes came in the last 0.6 seconds|more than 100 headers")
        assert time.monotonic() - start < 5
    assert not cache.exists()


def test_patience_counts_from_where_the_download_slows_down(monkeypatch):
    monkeypatch.setattr(datasets, "PATIENCE", 2.0)
    start = time.monotonic()
    with server(monkeypatch, rush_then_trickle):
        digits_because("bytes came in the last 2 seconds")
        assert time.monotonic() - start < 3.8


def test_name_server_that_hangs(monkeypatch):
    """urlopen's own time limit does not cover the look-up of the name."""
    monkeypatch.setattr(datasets, "PATIENCE", 0.3)
    monkeypatch.setattr(datasets.urllib.request, "urlopen", lambda *a, **k: time.sleep(5))
    start = time.monotonic()
    digits_because("0 bytes came in the last 0.3 seconds")
    assert time.monotonic() - start < 3


def test_slow_download_that_goes_on_is_waited_for(arrays, monkeypatch):
    """Not the whole download, only each part of it has to come within PATIENCE."""
    content = packed(arrays)
    monkeypatch.setattr(datasets, "PATIENCE", 1.5)
    monkeypatch.setattr(datasets, "LEAST", len(content) // 12)

    def slowly(connection, over):
        connection.sendall(header(len(content)))
        for part in np.array_split(np.frombuffer(content, np.uint8), 12):
            connection.sendall(part.tobytes())
            over.wait(0.15)

    start = time.monotonic()
    with server(monkeypatch, slowly):
        assert quietly().name == "mnist"
    assert time.monotonic() - start > 1.5


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<!doctype html><title>Sign in to the hotel's network</title>", "not a whole zip"),
        (b"", "not a whole zip"),
        (packed(shrunken(seed=1)), "is altered: its x_train differs"),
        (packed({"weights": np.zeros(3)}), "holds weights"),
    ],
)
def test_wrong_delivery(arrays, cache, monkeypatch, content, reason):
    with server(monkeypatch, deliver(content)):
        text = digits_because(reason)
        assert f"the file at {datasets.URL} " in text
    assert "Delete" not in text  # there is nothing to delete
    assert not cache.exists()


def test_delivery_cut_short(arrays, cache, monkeypatch):
    content = packed(arrays)
    cut = header(len(content)) + content[: len(content) // 2]
    with server(monkeypatch, lambda connection, over: connection.sendall(cut)):
        digits_because("not a whole zip|IncompleteRead")
    assert not cache.exists()


def test_delivery_without_end(monkeypatch):
    monkeypatch.setattr(datasets, "MOST", 1_000_000)

    def flood(connection, over):
        connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
        while not over.is_set():
            connection.sendall(bytes(100_000))

    with server(monkeypatch, flood):
        digits_because("more than MNIST has")


@pytest.mark.parametrize("status", ["404 Not Found", "503 Service Unavailable", "407 Proxy"])
def test_refusal(monkeypatch, status):
    line = f"HTTP/1.0 {status}\r\n\r\nsorry".encode()
    with server(monkeypatch, lambda connection, over: connection.sendall(line)):
        digits_because(f"HTTP Error {status[:3]}")


def test_connection_dropped(monkeypatch):
    with server(monkeypatch, lambda connection, over: None):
        digits_because("failed: .")


def test_an_error_without_words_is_named(monkeypatch):
    def fail(*args, **kwargs):
        raise TimeoutError

    monkeypatch.setattr(datasets.urllib.request, "urlopen", fail)
    digits_because("failed: TimeoutError")


@pytest.mark.skipif(REAL is None, reason="HPCOURSE_MNIST names no file: no MNIST to serve")
def test_real_mnist_from_a_server_is_kept(cache, monkeypatch):
    content = Path(REAL).read_bytes()
    with server(monkeypatch, deliver(content)):
        data = quietly()
    assert data.name == "mnist"
    assert cache.read_bytes() == content
    monkeypatch.setattr(datasets, "URL", NOWHERE)
    assert quietly().name == "mnist"


# The cache folder


def refuse(*args, **kwargs):
    raise PermissionError(13, "Permission denied")


def file_in_the_way(monkeypatch, cache):
    cache.parent.parent.parent.mkdir(exist_ok=True)
    cache.parent.parent.write_text("a file where a folder should be")


def no_new_folder(monkeypatch, cache):
    monkeypatch.setattr(Path, "mkdir", refuse)


def no_new_file(monkeypatch, cache):
    monkeypatch.setattr(tempfile, "mkstemp", refuse)


def no_new_name(monkeypatch, cache):
    monkeypatch.setattr(os, "replace", refuse)


def folder_of_that_name(monkeypatch, cache):
    cache.mkdir(parents=True)


@pytest.mark.parametrize(
    "obstacle", [file_in_the_way, no_new_folder, no_new_file, no_new_name, folder_of_that_name]
)
def test_download_that_cannot_be_kept(arrays, cache, monkeypatch, obstacle):
    obstacle(monkeypatch, cache)
    with (
        server(monkeypatch, deliver(packed(arrays))),
        pytest.warns(UserWarning, match="cannot be kept") as caught,
    ):
        data = datasets.load()
    (warning,) = (w for w in caught if w.category is not ResourceWarning)
    assert not issubclass(warning.category, datasets.DigitsWarning)
    assert str(cache.parent) in str(warning.message)
    assert warning.filename == __file__
    assert data.name == "mnist"  # the data are good all the same
    if cache.parent.is_dir():
        assert not [file for file in cache.parent.iterdir() if file.is_file()]  # no torn file


def test_interrupted_keeping_leaves_nothing(arrays, cache, monkeypatch):
    def interrupt(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    with server(monkeypatch, deliver(packed(arrays))), pytest.raises(KeyboardInterrupt):
        datasets.load()
    assert not list(cache.parent.iterdir())


# The data themselves


def check_types(data):
    for x, y in (
        (data.x_train, data.y_train),
        (data.x_val, data.y_val),
        (data.x_test, data.y_test),
    ):
        assert x.dtype == y.dtype == np.uint8
        assert x.shape == (*y.shape, 28, 28)
        assert set(np.unique(y)) == set(range(10))
        assert x.min() == 0
        assert x.max() == 255


def test_digits():
    data = datasets.load_digits()
    assert data.name == "digits"
    assert [len(y) for y in (data.y_train, data.y_val, data.y_test)] == [1197, 300, 300]
    check_types(data)
    assert np.array_equal(data.x_test, load_digits.__wrapped__().x_test)


def test_digits_are_split_and_none_is_lost():
    """Every image is in one part: together they hold scikit-learn's digits, each once."""
    from sklearn.datasets import load_digits as load_bundled

    data, bundled = datasets.load_digits(), load_bundled()
    x = np.concatenate([data.x_train, data.x_val, data.x_test])
    y = np.concatenate([data.y_train, data.y_val, data.y_test])
    assert sorted(y) == sorted(bundled.target)
    corners = bundled.images[:, [0, 0, 7, 7], [0, 7, 0, 7]]  # enlarging keeps the corners
    expected = np.rint(corners * 255 / 16).sum(axis=0)
    assert np.array_equal(x[:, [0, 0, 27, 27], [0, 27, 0, 27]].sum(axis=0), expected)
    assert len(np.unique(x.reshape(1797, -1), axis=0)) == 1797


def test_digits_keep_their_labels():
    from sklearn.neighbors import KNeighborsClassifier

    data = datasets.load_digits().flat()
    nearest = KNeighborsClassifier(1).fit(data.x_train, data.y_train)
    assert nearest.score(data.x_val, data.y_val) > 0.95


@pytest.mark.skipif(REAL is None, reason="HPCOURSE_MNIST names no file: no MNIST to check")
def test_mnist(monkeypatch):
    monkeypatch.setenv("HPCOURSE_MNIST", REAL)
    data = quietly()
    assert repr(data) == (
        "mnist: 50,000 training, 10,000 validation, 10,000 test images of 28x28 (uint8)"
    )
    check_types(data)
    assert data.y_train[:5].tolist() == [5, 0, 4, 1, 9]
    assert data.y_test[:5].tolist() == [7, 2, 1, 0, 4]
    with np.load(REAL) as file:
        assert np.array_equal(data.x_train, file["x_train"][:50000])
        assert np.array_equal(data.x_val, file["x_train"][50000:])
        assert np.array_equal(data.y_val, file["y_train"][50000:])
        assert np.array_equal(data.x_test, file["x_test"])
    seen = [{image.tobytes() for image in x} for x in (data.x_train, data.x_val, data.x_test)]
    assert not seen[0] & seen[1]
    assert not seen[0] & seen[2]
    assert not seen[1] & seen[2]


@pytest.mark.skipif(REAL is None, reason="HPCOURSE_MNIST names no file: no MNIST to alter")
def test_mnist_with_one_pixel_changed(named):
    with np.load(REAL) as file:
        arrays = dict(file)
    arrays["x_test"][1234, 14, 14] ^= 1
    np.savez(named, **arrays)
    with pytest.raises(ValueError, match="is altered: its x_test differs from MNIST's"):
        datasets.load()


def test_flat():
    data = datasets.load_digits()
    flat = data.flat()
    assert flat.x_val.shape == (300, 784)
    for name in ("x_train", "x_val", "x_test"):
        x = getattr(flat, name)
        assert x.dtype == np.float32
        assert x.min() == 0
        assert x.max() == 1
        assert np.array_equal(
            np.rint(x * 255).astype(np.uint8).reshape(-1, 28, 28), getattr(data, name)
        )
    assert flat.y_train is data.y_train
    assert flat.name == data.name
    assert flat.flat() is flat
    assert repr(flat).endswith("images of 784 (float32)")
    assert data.x_train.dtype == np.uint8  # the original is as it was


# A data set made by hand


def by_hand(**given):
    x, y = np.zeros((3, 28, 28), np.uint8), np.arange(3, dtype=np.uint8)
    parts = {
        f"{kind}_{part}": v
        for part in ("train", "val", "test")
        for kind, v in zip("xy", (x, y), strict=True)
    }
    return datasets.Dataset(**{"name": "mine"} | parts | given)


def test_whole_numbers_become_bytes_and_nothing_is_copied_in_vain():
    data = by_hand(name=np.str_("mine"), x_val=[[[0, 255]]] * 2, y_val=np.array([3, 4]))
    assert type(data.name) is str
    assert (data.x_val.dtype, data.x_val.shape, data.y_val.dtype) == (np.uint8, (2, 1, 2), np.uint8)
    x = np.zeros((3, 4), np.float32)
    assert by_hand(x_test=x).x_test is x
    assert by_hand(x_test=x.tolist()).x_test.dtype == np.float32


@pytest.mark.parametrize(
    "name", ["name", *(f"{k}_{p}" for k in "xy" for p in ("train", "val", "test"))]
)
@pytest.mark.parametrize(
    "given", [None, 3, True, [], ["a"], [[1], [2, 3]], {}, [300], [-1], np.zeros(4)]
)
def test_what_is_no_data_set_is_refused(name, given):
    with pytest.raises(ValueError, match=rf"\b{name}\b.*got "):
        by_hand(**{name: given})
