"""Databases: the address of one, a connection to it, and what its failures mean.

Question   Which database does this address name, and how is it spoken to without surprise?
Enters     An address such as ``postgresql://user@host:5432/city``.
Leaves     Its name without a password; a connection whose errors are greenspace errors.
Elsewhere  Reading layers over it: read/postgis. Writing them: present/postgis.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote

from greenspace.errors import EncodingError, InputError, MissingExtraError
from greenspace.model.words import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from psycopg import Connection, Error

SCHEME = re.compile(r"\s*postgres(?:ql)?(?:\+\w+)?://", re.IGNORECASE)
HOST = r"(?:\[[0-9A-Fa-f:.]*\]|[^@/?#\s:,\[\]]*)(?::\d*)?"
ADDRESS = re.compile(
    r"(?:(?P<user>[^:@/?#\s]*)(?::(?P<password>[^@/?#\s]*))?@)?"
    rf"(?P<place>{HOST}(?:,{HOST})*(?:/[^@/?#\s]*)?)(?:\?(?P<options>[^@#\s]*))?"
)
PASSWORD = re.compile(r"(://[^:@/\s]*:).*(@)|(?<=password=)[^&\s\"']+")
SOCKET_FOLDER = re.compile(r"^%2F[^:/]*(?::\d+)?", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\s]+")
STATEMENT_TIMEOUT_S = 600
LOCK_TIMEOUT_S = 60
PATIENCE = {  # seconds; what the address says goes first
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
}
LOST = ("08", "57P")
NO_ENTRY = ("28", "3D")
NO_RIGHT, CANCELLED, READ_ONLY = "42501", "57014", "25006"


def is_database(source: object) -> bool:
    """Return whether a source is the address of a database and no file.

    Examples
    --------
    >>> is_database("postgresql://gis@localhost/city"), is_database("data/city.gpkg")
    (True, False)
    """
    return isinstance(source, str) and SCHEME.match(source) is not None


def redacted(url: str) -> str:
    """Return the name of a database: who and where, never a password, an option or a folder.

    Examples
    --------
    >>> redacted("postgres://gis:secret@localhost:5432/city?sslpassword=secret")
    'postgresql://gis@localhost:5432/city'
    >>> redacted("postgresql://?service=city"), redacted("postgresql://gis:se@cret@host/city")
    ('postgresql://?service=city', 'postgresql://…')
    """
    fits = ADDRESS.fullmatch(_rest(url))
    if fits is None:
        return "postgresql://…"
    user = f"{fits['user']}@" if fits["user"] else ""
    place = SOCKET_FOLDER.sub("", fits["place"])
    service = parse_qs(fits["options"] or "").get("service")
    return f"postgresql://{user}{place}" + (f"?service={service[0]}" if service else "")


def without_passwords(text: str) -> str:
    """Return a text with the passwords of the addresses in it masked.

    Examples
    --------
    >>> without_passwords('path = "postgresql://gis:secret@localhost/city"')
    'path = "postgresql://gis:***@localhost/city"'
    """
    return PASSWORD.sub(lambda found: f"{found[1] or ''}***{found[2] or ''}", text)


def _rest(url: str) -> str:
    return SCHEME.sub("", url, count=1).strip()


@contextmanager
def connected(
    url: str, *, layer: str | None = None, read_only: bool = True
) -> Iterator[Connection[Any]]:
    """Open one transaction on a database; it ends with the block, undone after an error.

    Parameters
    ----------
    layer
        What refusals are about.

    Raises
    ------
    MissingExtraError
        The driver is not installed.
    InputError
        The address makes no sense, the server does not answer, refuses or goes away.
    EncodingError
        The database holds text that is not in its own encoding.
    """
    psycopg = _driver()
    name = redacted(url)
    options = _options(url, name, psycopg)
    inside = False
    try:
        with psycopg.connect(**options) as connection:
            inside = True
            connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
            connection.read_only = read_only
            connection.execute(f"SET LOCAL statement_timeout = {STATEMENT_TIMEOUT_S * 1000}")
            connection.execute(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_S * 1000}")
            connection.execute("SET LOCAL TIME ZONE 'UTC'")
            yield connection
    except psycopg.Error as error:
        said = _said(error, str(options.get("password") or ""))
        raise _refusal(error, said, name, layer, inside=inside) from error
    except UnicodeDecodeError as error:
        raise EncodingError(
            "数据库里有不符合其编码的文字。",
            "The database holds text that is not in the database's encoding.",
            remedy=Text(
                zh="请在数据库中更正该列，或在 query 中略去它。",
                en="Correct the column in the database, or leave it out with a query.",
            ),
            file=name,
            layer=layer,
        ) from error


def _driver() -> ModuleType:
    try:
        import psycopg
    except ImportError as error:
        raise MissingExtraError(
            "读写 PostGIS 需要 psycopg，当前没有安装。",
            "PostGIS needs psycopg, which is not installed.",
            remedy=Text(
                zh='请运行 pip install "greenspace[postgis]"。',
                en='Run pip install "greenspace[postgis]".',
            ),
            expected="psycopg",
        ) from error
    return psycopg


def _options(url: str, name: str, psycopg: ModuleType) -> dict[str, Any]:
    """Take an address apart; the driver's own words stay out, they may quote a password."""
    try:
        said = psycopg.conninfo.conninfo_to_dict(f"postgresql://{_rest(url)}")
    except psycopg.ProgrammingError:
        said = None
    if said is None or ADDRESS.fullmatch(_rest(url)) is None:
        raise InputError(
            "不能识别数据库地址。",
            "The address of the database makes no sense.",
            remedy=Text(
                zh="请写 postgresql://用户@主机:5432/库名；密码中的 @ : / ? # 要写成 %40 %3A %2F %3F %23。",
                en="Write postgresql://user@host:5432/database; in a password, @ : / ? # are"
                " written %40 %3A %2F %3F %23.",
            ),
            file=name,
        ) from None
    fixed = {"client_encoding": "UTF8", "fallback_application_name": "greenspace"}
    return {**PATIENCE, **said, **fixed}


def _said(error: Error, password: str) -> str:
    """Return what the server said, on one line, without a password."""
    words = CONTROL.sub(" ", error.diag.message_primary or str(error)).strip().rstrip(".。?")
    for secret in {password, unquote(password)} - {""}:
        words = words.replace(secret, "***")
    return words


def _refusal(error: Error, said: str, name: str, layer: str | None, *, inside: bool) -> InputError:
    state = error.sqlstate or ""
    if not inside or state.startswith(NO_ENTRY):
        return InputError(
            f"连接不上数据库：{said}。",
            f"The database cannot be reached: {said}.",
            remedy=Text(
                zh="请核对地址、用户和密码（PGPASSWORD 或 ~/.pgpass），以及服务器是否在运行。",
                en="Check the address, the user and the password (PGPASSWORD or ~/.pgpass), and"
                " that the server runs.",
            ),
            file=name,
            layer=layer,
        )
    if state.startswith(LOST) or (not state and _is_lost(error)):
        return InputError(
            f"与数据库的连接中断，本次操作全部作废：{said}。",
            f"The connection to the database was lost, and nothing was kept: {said}.",
            remedy=Text(zh="请在服务器恢复后重来。", en="Try again when the server is back."),
            file=name,
            layer=layer,
        )
    return InputError(
        f"数据库拒绝执行：{said}。",
        f"The database refused: {said}.",
        remedy=_remedy(state),
        file=name,
        layer=layer,
    )


def _is_lost(error: Error) -> bool:
    return type(error).__name__ in {"OperationalError", "InterfaceError"}


def _remedy(state: str) -> Text:
    if state == NO_RIGHT:
        return Text(
            zh="请让管理员授予该用户权限（读取需要 GRANT USAGE 和 GRANT SELECT）。",
            en="Ask for the right: reading needs GRANT USAGE and GRANT SELECT.",
        )
    if state == CANCELLED:
        return Text(
            zh=f"一条语句最多等 {STATEMENT_TIMEOUT_S} 秒；请缩小查询范围。",
            en=f"A statement may take {STATEMENT_TIMEOUT_S} s; ask for less.",
        )
    if state == READ_ONLY:
        return Text(
            zh="读取时不改动数据库；查询只能是 select。",
            en="Reading changes nothing in a database; a query can only select.",
        )
    return Text(zh="请核对表、字段与查询。", en="Check the table, its columns and the query.")
