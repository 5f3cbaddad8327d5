import pytest
import torch

from amtstudio.engine import choose_device
from amtstudio.errors import DeviceError


def test_cpu_can_always_be_chosen():
    device = choose_device("cpu")
    assert (str(device), device.is_cpu) == ("cpu", True)


def test_auto_gives_a_device_that_computes():
    device = choose_device("auto")
    assert torch.ones(2, device=device.torch_device).sum().item() == 2.0
    assert device.reason


def test_absent_cuda_device_is_an_error():
    with pytest.raises(DeviceError, match="cuda:99 is not available") as caught:
        choose_device("cuda:99")
    assert caught.value.exit_code == 78


@pytest.mark.skipif(torch.backends.mps.is_available(), reason="there is an Apple GPU")
def test_absent_mps_is_an_error():
    with pytest.raises(DeviceError, match="mps is not available"):
        choose_device("mps")


@pytest.mark.parametrize("name", ["tpu", "cuda:x", "", "cuda:-1", "CPU"])
def test_unknown_device_is_an_error(name):
    with pytest.raises(DeviceError, match="no device called"):
        choose_device(name)
