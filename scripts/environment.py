"""Make what `make` needs: virtual environment, packages, Node.js, the built console, a browser.

`environment.py STEP …` does each step only when its inputs changed since it was last done. Two runs
at once wait for each other.
"""

import fcntl
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
PIP_INSTALL: tuple[str | Path, ...] = (
    PYTHON,
    "-m",
    "pip",
    "install",
    "--disable-pip-version-check",
    "--no-input",
)
STAMPS = VENV / "stamps"
FRONTEND = ROOT / "frontend"
MADE = {"node_modules", "dist", "coverage", "test-results"}
BROWSER_PACKAGES = ("chromium", "fonts-noto-cjk")
NO_NETWORK = ("Retrying (", "Connection", "Max retries exceeded", "SSLError", "ProxyError")
NO_SPACE = ("No space left on device", "ENOSPC", "Disk quota exceeded")


class Trouble(Exception):
    """Something the person at the keyboard has to settle: one sentence in each language."""


def say(chinese: str, english: str) -> None:
    print(f"· {chinese} / {english}", flush=True)


def run(words: Sequence[str | Path], *, log: Path, where: Path = ROOT) -> str | None:
    """Run a command with its output in a log; return the output if it failed."""
    log.parent.mkdir(parents=True, exist_ok=True)
    path = os.pathsep.join((str(VENV / "bin"), os.environ["PATH"]))
    with log.open("wb") as file:
        code = subprocess.call(
            [str(word) for word in words],
            cwd=where,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PATH": path},
        )
    return None if code == 0 else log.read_text(errors="replace")


def digest(*parts: bytes | str | Path) -> str:
    """Return a mark of these texts and of these files' names and contents."""
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            total.update(str(part.relative_to(ROOT)).encode())
            part = part.read_bytes() if part.exists() else b"-"
        total.update(part.encode() if isinstance(part, str) else part)
        total.update(b"\0")
    return total.hexdigest()


def done(step: str, mark: str) -> bool:
    stamp = STAMPS / step
    return stamp.exists() and stamp.read_text() == mark


def note(step: str, mark: str) -> None:
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / step).write_text(mark)


def virtual_environment() -> None:
    """Make `.venv`, unless there is one that works."""
    if PYTHON.exists() and (VENV / "bin" / "pip").exists():
        return
    say("正在建立 Python 虚拟环境", "making the virtual environment")
    shutil.rmtree(VENV, ignore_errors=True)
    log = VENV / "venv.log"
    output = run([sys.executable, "-m", "venv", VENV], log=log)
    if output is not None:
        raise explain_venv(output, log)


def explain_venv(output: str, log: Path) -> Trouble:
    if any(sign in output for sign in NO_SPACE):
        return disk_full()
    if "ensurepip" in output or "No module named" in output:
        version = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        return Trouble(
            f"这个 Python 没有 venv 模块。Debian、Ubuntu 上执行:apt install {version}",
            f"This Python has no venv module. On Debian and Ubuntu: apt install {version}",
        )
    return Trouble(f"建立虚拟环境失败,见 {log}", f"The virtual environment failed, see {log}")


def packages(profile: str) -> None:
    """Install what `requirements/PROFILE.txt` locks: ready-made packages only, by their hashes."""
    virtual_environment()
    lock = ROOT / "requirements" / f"{profile}.txt"
    mark = digest(lock, sys.version)
    if not done(profile, mark):
        say("正在安装依赖", f"installing {lock.relative_to(ROOT)}")
        # No compiler is ever needed: what has no ready-made package is refused.
        locked: list[str | Path] = ["--require-hashes", "--only-binary", ":all:", "-r", lock]
        output = run([*PIP_INSTALL, *locked], log=VENV / "install.log")
        if output is not None:
            raise explain_pip(output)
        note(profile, mark)


def explain_pip(output: str) -> Trouble:
    log = VENV / "install.log"
    if any(sign in output for sign in NO_SPACE):
        return disk_full()
    missing = re.search(r"No matching distribution found for (\S+)", output)
    if missing and not any(sign in output for sign in NO_NETWORK):
        return Trouble(
            f"{missing[1]} 没有适合本机(系统、处理器、Python 版本)的安装包。见 {log}",
            f"There is no ready-made package of {missing[1]} for this system, processor and "
            f"Python {sys.version_info[0]}.{sys.version_info[1]}. See {log}",
        )
    if "HASH" in output and "DO NOT MATCH" in output:
        return Trouble(
            f"下载的安装包与锁定的校验值不符,已拒绝安装。见 {log}",
            f"A downloaded package does not match its locked hash and was refused. See {log}",
        )
    return Trouble(
        f"安装依赖失败,请检查网络和 pip 的软件源设置。见 {log}",
        f"Installing failed; check the network and pip's index settings. See {log}",
    )


def disk_full() -> Trouble:
    return Trouble(f"磁盘已满:{ROOT}", f"The disk is full: {ROOT}")


def project() -> None:
    """Install the project itself, so that its own files are what runs."""
    mark = digest(ROOT / "pyproject.toml", str(ROOT), sys.version)
    if done("project", mark):
        return
    offline: list[str | Path] = [
        "--no-build-isolation",
        "--no-deps",
        "--no-index",
        "--editable",
        ROOT,
    ]
    output = run([*PIP_INSTALL, *offline], log=VENV / "install.log")
    if output is not None:
        raise explain_pip(output)
    note("project", mark)


def for_running() -> None:
    """Prepare what the platform needs; the development packages contain it too."""
    dev = ROOT / "requirements" / "dev.txt"
    if not (PYTHON.exists() and done("dev", digest(dev, sys.version))):
        packages("run")
    project()


def for_developing() -> None:
    """Prepare what tests and checks need."""
    packages("dev")
    project()


def suits(node: str | None) -> bool:
    """Say whether this Node.js can build the console: 20.19 and later, 22.12 and later."""
    if node is None:
        return False
    shown = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    numbers = [int(number) for number in re.findall(r"\d+", shown)[:2]]
    return [20, 19] <= numbers < [21] or numbers >= [22, 12]


def node() -> None:
    """Find a Node.js, or install the one that comes as a Python package."""
    if shutil.which("npm") and suits(shutil.which("node")):
        return
    packages("node")


def console_packages() -> None:
    """Install the console's locked packages."""
    node()
    lock = FRONTEND / "package-lock.json"
    mark = digest(lock, FRONTEND / "package.json")
    if done("npm", mark) and (FRONTEND / "node_modules").is_dir():
        return
    say("正在安装网页控制台的依赖", "installing the console's packages")
    log = VENV / "npm.log"
    output = run(["npm", "ci", "--no-audit", "--no-fund"], log=log, where=FRONTEND)
    if output is not None:
        if any(sign in output for sign in NO_SPACE):
            raise disk_full()
        raise Trouble(
            f"安装网页控制台的依赖失败,请检查网络和 npm 的软件源设置。见 {log}",
            "Installing the console's packages failed; check the network and npm's settings. "
            f"See {log}",
        )
    note("npm", mark)


def console() -> None:
    """Build the console, when its sources are newer than what was built."""
    mark = digest(*sources(FRONTEND))
    if done("console", mark) and (FRONTEND / "dist" / "index.html").exists():
        return
    console_packages()
    say("正在生成网页控制台", "building the console")
    log = VENV / "console.log"
    output = run(["npm", "run", "build"], log=log, where=FRONTEND)
    if output is not None:
        if any(sign in output for sign in NO_SPACE):
            raise disk_full()
        raise Trouble(f"生成网页控制台失败,见 {log}", f"Building the console failed, see {log}")
    note("console", mark)


def sources(folder: Path) -> Iterable[Path]:
    """Return the files below a folder that people wrote."""
    for path in sorted(folder.iterdir()):
        if path.name in MADE or path.name.endswith(".tsbuildinfo"):
            continue
        if path.is_dir():
            yield from sources(path)
        else:
            yield path


def browser() -> None:
    """Have a Chromium and Chinese fonts for the browser tests; Debian's packages, as root."""
    if shutil.which("chromium") and Path("/usr/share/fonts/opentype/noto").is_dir():
        return
    wanted = " ".join(BROWSER_PACKAGES)
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise Trouble(
            f"浏览器测试需要 Chromium 和中文字体:apt install {wanted}",
            f"The browser tests need Chromium and Chinese fonts: apt install {wanted}",
        )
    say("正在安装 Chromium 和中文字体", f"installing {wanted}")
    log = VENV / "browser.log"
    install = ["apt-get", "install", "-y", "--no-install-recommends"]
    if run([*install, *BROWSER_PACKAGES], log=log) is None:
        return
    run(["apt-get", "update"], log=log)
    if run([*install, *BROWSER_PACKAGES], log=log) is not None:
        raise Trouble(f"安装失败,见 {log}", f"Installing failed, see {log}")


STEPS = {
    "run": for_running,
    "dev": for_developing,
    "node": console_packages,
    "console": console,
    "browser": browser,
}


def main() -> int:
    """Do the steps named on the command line."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    os.umask(0o022)  # PostgreSQL's account must be able to run what root installs
    project_folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(project_folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        say("正在等待另一个 make 完成准备", "waiting for another make to finish preparing")
        fcntl.flock(project_folder, fcntl.LOCK_EX)
    try:
        for step in sys.argv[1:]:
            STEPS[step]()
    except Trouble as trouble:
        chinese, english = trouble.args
        print(f"✗ {chinese}\n  {english}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"✗ 不能写入 {ROOT}:{error}\n  Cannot write: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
