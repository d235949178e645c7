"""What a device costs: measured, recorded, drawn, printed."""

import dataclasses
import json
import re
import subprocess
import sys

import numpy as np
import pytest
from matplotlib import pyplot as plt

from hpcourse import compute, plots
from hpcourse.compute.__main__ import main

RECORD = compute.DeviceRecord(
    name="a device",
    machine={
        "device": "A processor",
        "kind": "CPU",
        "cpu": "A processor",
        "cores": 2,
        "system": "Linux",
        "backend": "jax",
        "versions": {"python": "3.11", "jax": "0.1"},
    },
    n_images=256,
    batch_size=128,
    units=(64, 64),
    members=(1, 4),
    first_epoch=(1.5, 2.0),
    epoch=(0.1, 0.2),
    fit_first_epoch=1.0,
    fit_epoch=0.5,
)


@pytest.fixture(scope="module")
def measured():
    lines = []
    record = compute.measure([1, 3], n_images=256, name="here", progress=lines.append)
    return record, lines


def test_describe_names_the_hardware_and_the_versions():
    machine = compute.describe()
    assert machine["kind"] in ("CPU", "GPU", "TPU")
    assert machine["device"]
    assert machine["cores"] >= 1
    assert machine["backend"] in machine["versions"]
    assert re.fullmatch(r"3\.\d+\.\d+", machine["versions"]["python"])
    json.dumps(machine)


def test_measure_times_every_size(measured):
    record, lines = measured
    assert record.members == (1, 3)
    assert record.name == "here"
    for times in (record.first_epoch, record.epoch):
        assert len(times) == 2
        assert min(times) > 0
    assert record.fit_epoch > 0
    assert lines == ["model.fit ...", "1 network ...", "3 networks ..."]


def test_the_fastest_of_three_rounds_counts(monkeypatch):
    """Of an epoch that takes a second or more there is one."""
    later = iter([0.5, 0.2, 3.0, 0.4, 0.1, 0.6, 0.3])
    monkeypatch.setattr(compute.devices, "seconds_per_epoch", lambda epoch: (9.0, next(later)))
    record = compute.measure([1, 2], n_images=256)
    assert (record.fit_epoch, record.epoch) == (0.4, (0.1, 3.0))
    assert record.first_epoch == (9.0, 9.0)


def test_a_first_epoch_pays_for_the_compilation(measured):
    record, _ = measured
    assert record.fit_first_epoch > record.fit_epoch


def test_shares():
    np.testing.assert_allclose(RECORD.seconds_per_network, [0.1, 0.05])
    np.testing.assert_allclose(RECORD.share_of_fit, [0.2, 0.1])


def test_seconds_per_epoch_leaves_the_first_out():
    made = []
    first, later = compute.seconds_per_epoch(lambda: made.append(1), budget=0)
    assert len(made) == 2
    assert first >= 0
    assert later >= 0
    made.clear()
    compute.seconds_per_epoch(lambda: made.append(1), budget=1000)
    assert len(made) == 21


def test_a_saved_record_is_the_same_when_loaded(tmp_path):
    RECORD.save(tmp_path / "record.json")
    assert compute.DeviceRecord.load(tmp_path / "record.json") == RECORD


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"name": 1}', "'epoch'"),
        (b"3", "holds 3"),
        (b"[]", "holds"),
        (b"{", ""),
        (b"\xff", ""),
        (json.dumps(dataclasses.asdict(RECORD) | {"units": 64}).encode(), "units is a sequence"),
    ],
)
def test_another_file_is_no_record(tmp_path, content, said):
    (tmp_path / "other.json").write_bytes(content)
    with pytest.raises(ValueError, match=rf"other\.json is no record of a device: .*{said}"):
        compute.DeviceRecord.load(tmp_path / "other.json")


def test_a_record_of_numpys_numbers_is_the_same(tmp_path):
    given = {
        name: np.array(value) if isinstance(value, tuple) else value
        for name, value in dataclasses.asdict(RECORD).items()
    }
    given |= {"n_images": np.int64(256), "batch_size": np.int32(128), "fit_epoch": np.float32(0.5)}
    given["machine"] = RECORD.machine | {"cores": np.int64(2)}
    record = compute.DeviceRecord(**given)
    assert record == RECORD
    record.save(tmp_path / "record.json")
    assert compute.DeviceRecord.load(tmp_path / "record.json") == RECORD


def test_a_record_prints_as_a_table():
    lines = str(RECORD).splitlines()
    assert lines[0] == "a device: A processor (CPU), 2 cores"
    assert lines[-1].split() == ["4", "2.00", "s", "0.200", "s", "0.0500", "s", "0.100"]
    assert len(set(map(len, lines[-4:]))) == 1, "the columns are aligned"


def test_records_of_the_package_come_from_named_hardware():
    found = compute.records()
    assert found
    assert len({record.name for record in found}) == len(found)
    for record in found:
        assert {"device", "kind", "cores", "backend", "versions"} <= set(record.machine)
        assert record.members[-1] >= 256
        # The machine that measured had no other work: its epochs grow with the population.
        assert list(record.epoch) == sorted(record.epoch)
        np.testing.assert_allclose(
            record.share_of_fit, np.array(record.epoch) / record.members / record.fit_epoch
        )


def test_plot_names_every_device():
    other = dataclasses.replace(RECORD, name="another", members=(1, 64))
    ax = plots.device_costs([RECORD, other])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["a device", "another"]
    assert [text.get_text() for text in ax.get_xticklabels()] == ["1", "4", "64"]
    ax.figure.canvas.draw()
    plt.close(ax.figure)


def test_command_prints_and_saves(tmp_path):
    path = tmp_path / "mine.json"
    command = [sys.executable, "-m", "hpcourse.compute", "--members", "1", "2", "--images", "128"]
    done = subprocess.run(
        [*command, "--name", "mine", "--save", path], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    record = compute.DeviceRecord.load(path)
    assert done.stdout == f"{record}\n\nSaved as {path}\n"
    assert record.members == (1, 2)
    assert record.n_images == 128


def test_the_command_saves_where_it_was_started(tmp_path, monkeypatch, capsys):
    """Wherever the working directory goes while it measures."""
    monkeypatch.chdir(tmp_path)

    def measured(*args, **kwargs):
        monkeypatch.chdir("/")
        return RECORD

    monkeypatch.setattr("hpcourse.compute.__main__.measure", measured)
    for name in ("mine.json", "./again.json"):
        monkeypatch.chdir(tmp_path)
        assert main(["--save", name]) == 0
        assert compute.DeviceRecord.load(tmp_path / name) == RECORD
        assert f"Saved as {tmp_path / name}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--save", "no/mine.json"], "there is no folder"),
        (["--members", "0"], "members is a sequence of 1 or more whole numbers from 1, got [0]"),
    ],
)
def test_command_refuses_before_it_measures(arguments, message, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert message in said
    assert "networks" not in said
