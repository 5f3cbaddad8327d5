from __future__ import annotations

import json

import numpy as np
import pytest

from training.instruments.openmic import audio_path, load_openmic, load_split

KEYS = ("000001_1000", "000002_2000")


def write_tables(folder, rows):
    lines = ["sample_key,instrument,relevance,num_responses"]
    lines += [f"{key},{instrument},{relevance},3" for key, instrument, relevance in rows]
    (folder / "openmic-2018-aggregated-labels.csv").write_text("\n".join(lines) + "\n")


def test_the_archive_is_read_without_pickle(tmp_path):
    probs, mask = np.full((2, 20), 0.5), np.zeros((2, 20), dtype=bool)
    probs[0, 12], mask[0, 12] = 0.9, True
    probs[1, 12], mask[1, 12] = 0.2, True
    features = np.full((2, 10, 128), 255, dtype=np.int64)
    np.savez(tmp_path / "openmic-2018.npz", X=features, Y_true=probs, Y_mask=mask, sample_key=KEYS)
    data = load_openmic(tmp_path)
    assert data.keys == KEYS
    assert data.labels[:, 12].tolist() == [True, False]
    assert data.observed.sum() == 2
    assert data.features.shape == (2, 10, 128)
    assert data.features.max() == 1.0
    assert data.select({KEYS[1]}).labels[0, 12] == np.False_


def test_an_archive_of_objects_is_refused(tmp_path):
    keys = np.array(KEYS, dtype=object)
    np.savez(tmp_path / "openmic-2018.npz", X=0, Y_true=0, Y_mask=0, sample_key=keys)
    with pytest.raises(ValueError, match="without pickle"):
        load_openmic(tmp_path)


def test_where_the_archive_holds_objects_the_tables_are_read(tmp_path):
    keys = np.array(KEYS, dtype=object)
    np.savez(tmp_path / "openmic-2018.npz", X=0, Y_true=0, Y_mask=0, sample_key=keys)
    write_tables(tmp_path, [(KEYS[0], "piano", 0.8), (KEYS[1], "voice", 0.1)])
    data = load_openmic(tmp_path)
    assert data.features is None
    assert data.labels[0, 12]
    assert data.observed[0].sum() == 1
    assert not data.labels[1, 19]


def test_features_beside_the_tables_are_cut_or_filled_to_ten_instances(tmp_path):
    write_tables(tmp_path, [(KEYS[0], "piano", 0.8), (KEYS[1], "voice", 0.1)])
    for key, length in zip(KEYS, (9, 11), strict=True):
        folder = tmp_path / "vggish" / key[:3]
        folder.mkdir(parents=True, exist_ok=True)
        rows = [[i] * 128 for i in range(length)]
        (folder / f"{key}.json").write_text(json.dumps({"features_z": rows}))
    features = load_openmic(tmp_path).features * 255
    np.testing.assert_allclose(features[0, :, 0], [*range(9), 8], atol=1e-4)
    np.testing.assert_allclose(features[1, :, 0], range(10), atol=1e-4)


def test_splits_and_audio_are_found(tmp_path):
    (tmp_path / "partitions").mkdir()
    (tmp_path / "partitions" / "split01_test.csv").write_text(f"{KEYS[0]}\n\n{KEYS[1]}\n")
    assert load_split(tmp_path, "test") == set(KEYS)
    assert audio_path(tmp_path, KEYS[0]) == tmp_path / "audio" / "000" / "000001_1000.ogg"
    with pytest.raises(ValueError, match="split01_train"):
        load_split(tmp_path, "train")


def test_wrong_copies_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r"holds no OpenMIC-2018"):
        load_openmic(tmp_path)
    write_tables(tmp_path, [(KEYS[0], "harp", 0.8)])
    with pytest.raises(ValueError, match="a row that is not a label"):
        load_openmic(tmp_path)
    np.savez(
        tmp_path / "openmic-2018.npz", X=np.zeros((2, 10, 64)), Y_true=np.zeros((2, 20)),
        Y_mask=np.zeros((2, 20)), sample_key=KEYS,
    )  # fmt: skip
    (tmp_path / "openmic-2018-aggregated-labels.csv").unlink()
    with pytest.raises(ValueError, match=r"X must have shape \(2, 10, 128\)"):
        load_openmic(tmp_path)
