"""Province client: the cluster that was asked for, started here or reached somewhere else.

Question   Which cluster of Dask is this, and does it answer?
Enters     The words that ask for one.
Leaves     A Client, closed with the context; or a refusal with the address and the next step.
Elsewhere  What is asked of its workers: province_cluster.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

from greenspace.errors import InputError, MissingExtraError
from greenspace.model.words import Text
from greenspace.present.words import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from distributed import Client

CONNECT_S = 10.0
JOIN_S = 60.0
ADDRESS = re.compile(r"(?i:tcp|tls|ws|wss)://([^\s/:@\[\]]+|\[[0-9a-fA-F:.]+\]):([0-9]{1,5})")


@contextmanager
def opened(
    *,
    cluster: Literal["local"] | None = None,
    scheduler: str | None = None,
    workers: int | None = None,
) -> Iterator[Client | None]:
    """Give a Client of the cluster that was asked for, or None where none was.

    A local cluster has `workers` processes, or one a processor, of one thread each, and ends
    with the context. Of a scheduler somewhere else, `workers` are waited for.

    Raises
    ------
    InputError
        Two clusters are asked for, or workers of none; the scheduler does not answer, or the
        workers do not come.
    MissingExtraError
        Dask is not installed.
    """
    if workers is not None and workers < 1:
        raise _unfit("--workers", workers, "--cluster local --workers 2")
    if cluster is not None and scheduler is not None:
        raise _unfit("--scheduler", scheduler, "--cluster local, or --scheduler tcp://host:8786")
    if cluster is None and scheduler is None:
        if workers is not None:
            raise _unfit("--workers", workers, f"--cluster local --workers {workers}")
        yield None
        return
    require_dask()
    if scheduler is not None:
        with _reached(scheduler) as client:
            require_workers(client, workers or 1)
            yield client
        return
    with _local(workers) as client:
        yield client


def require_dask() -> None:
    """Refuse to go on without Dask.

    Raises
    ------
    MissingExtraError
        It is not installed.
    """
    try:
        import distributed  # noqa: F401
    except ImportError as error:
        raise MissingExtraError(
            "多机或多进程核查需要 dask 和 distributed。",
            "Checking on several processes or machines needs dask and distributed.",
            remedy=Text(
                zh='请运行 pip install "greenspace[scale]"。',
                en='Run pip install "greenspace[scale]".',
            ),
            expected="distributed",
        ) from error


def require_client(client: object) -> None:
    """Refuse what is no Client that is connected.

    Raises
    ------
    InputError
        It is none, such as an address, or it is closed.
    """
    from distributed import Client

    if isinstance(client, Client) and client.status == "running":
        return
    raise InputError(
        "client 应为已连接的 distributed.Client。",
        "client should be a distributed.Client that is connected.",
        remedy=Text(
            zh='请写 client=Client("tcp://…:8786")。', en='Pass client=Client("tcp://…:8786").'
        ),
        expected="distributed.Client",
        found=clean(getattr(client, "status", client)),
    )


def _unfit(option: str, found: object, example: str) -> InputError:
    return InputError(
        f"{option} 不能这样用：{found}。",
        f"{option} cannot be used like this: {found}.",
        remedy=Text(zh=f"例如 {example}。", en=f"For example {example}."),
        expected=example,
        found=found,
    )


@contextmanager
def _local(workers: int | None) -> Iterator[Client]:
    from distributed import Client, LocalCluster

    with (
        TemporaryDirectory(prefix="greenspace-", ignore_cleanup_errors=True) as scratch,
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            dashboard_address="127.0.0.1:0",
            local_directory=scratch,
            silence_logs="CRITICAL",
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


@contextmanager
def _reached(address: str) -> Iterator[Client]:
    from distributed import Client

    fit = ADDRESS.fullmatch(address)
    if fit is None or not 0 < int(fit[2]) <= 65535:  # noqa: PLR2004  - the last port there is
        raise _unfit("--scheduler", clean(address), "--scheduler tcp://host:8786")
    scheme, _, place = address.partition("://")
    address = f"{scheme.lower()}://{place}"
    try:
        asyncio.run(_greet(address))
        client = Client(address, timeout=CONNECT_S)
    except TypeError as error:  # no certificates are configured
        raise _no_certificates(address) from error
    except (OSError, ValueError, RuntimeError) as error:  # a time limit is an OSError, too
        raise _silent(address) from error
    with client:
        yield client


async def _greet(address: str) -> None:
    """Say hello to a scheduler; a Client would wait for ever on whatever else listens there."""
    from distributed.core import connect
    from distributed.security import Security

    known = Security().get_connection_args("client")
    comm = await asyncio.wait_for(connect(address, timeout=CONNECT_S, **known), CONNECT_S + 1)
    comm.abort()


def _silent(address: str) -> InputError:
    return InputError(
        f"{address} 处没有 Dask 调度器应答（{CONNECT_S:.0f} 秒内）。",
        f"No scheduler of Dask answers at {address} within {CONNECT_S:.0f} s.",
        remedy=Text(
            zh="请核对地址与防火墙，并确认该机上运行着 dask scheduler。",
            en="Check the address and the firewall, and that dask scheduler runs there.",
        ),
        expected="dask scheduler",
        found=address,
    )


def _no_certificates(address: str) -> InputError:
    return InputError(
        f"{address} 要求 TLS，而 Dask 的配置里没有证书。",
        f"{address} asks for TLS, and Dask's configuration holds no certificates.",
        remedy=Text(
            zh="请在 Dask 配置 distributed.comm.tls 中写明证书，或在 Python 中用 check_all(client=…)。",
            en="Name them in Dask's configuration, under distributed.comm.tls, or pass a Client "
            "with security= to check_all in Python.",
        ),
        expected="distributed.comm.tls",
        found=address,
    )


def require_workers(client: Client, workers: int) -> None:
    """Wait until a cluster has so many workers.

    Raises
    ------
    InputError
        It has not, within a minute.
    """
    try:
        client.wait_for_workers(workers, timeout=JOIN_S)
    except TimeoutError as error:
        there = len(client.nthreads())
        raise InputError(
            f"{JOIN_S:.0f} 秒内只有 {there} 个计算节点，需要 {workers} 个。",
            f"The cluster has {there} workers after {JOIN_S:.0f} s; {workers} are needed.",
            remedy=Text(
                zh="请启动 dask worker（或 cluster.scale），再运行一次。",
                en="Start more with dask worker, or cluster.scale, and run again.",
            ),
            expected=workers,
            found=there,
        ) from error
