"""Mail: handed in over real SMTP; credentials only with TLS; what became of a letter is told."""

import socket
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from jinzhu.config import MailServer, SettingRefused, Settings
from jinzhu.core import mail
from jinzhu.core.mail import Letter, Outcome
from tests.mailbox import PASSWORD, USER, certify, open_mailbox

ADDRESS = "https://zw.example.gov.cn"
FROM = "进驻平台 <jinzhu@example.gov.cn>"
LETTER = Letter(
    subject="待办提醒", text="待办 3 件", html="<p>待办 3 件</p>", number="n1",
    stop=f"{ADDRESS}/public/mail/stop/x",
)  # fmt: skip


def setting(url: str, *, sender: str = FROM, address: str = ADDRESS) -> MailServer:
    found = MailServer.read({"JINZHU_MAIL": url, "JINZHU_MAIL_FROM": sender}, address)
    assert found is not None
    return found


@pytest.fixture(autouse=True)
def rested(monkeypatch):
    """Let no server rest because of another test."""
    monkeypatch.setattr(mail, "_resting", {})


@pytest.fixture
def send(app, monkeypatch):
    """Send the letter by the server that a setting names."""

    def sent(url: str):
        settings = replace(app.config["SETTINGS"], mail=setting(url), address=ADDRESS)
        monkeypatch.setitem(app.config, "SETTINGS", settings)
        with app.app_context():
            return mail.send(LETTER, to="zhang@example.gov.cn")

    return sent


def test_a_letter_arrives_in_both_forms_and_says_how_it_is_ended(send):
    with open_mailbox() as box:
        assert send(f"smtp://127.0.0.1:{box.port}").outcome is Outcome.SENT
    (letter,) = box.letters
    assert box.receivers == ["zhang@example.gov.cn"]
    assert (letter["Subject"], letter["From"]) == ("待办提醒", FROM)
    assert letter["To"] == "zhang@example.gov.cn"
    assert letter["Message-ID"] == "<n1@example.gov.cn>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Unsubscribe"] == f"<{ADDRESS}/public/mail/stop/x>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert box.text_of().strip() == "待办 3 件"
    assert box.page_of().strip() == "<p>待办 3 件</p>"


def test_one_click_is_promised_where_the_address_has_tls(app):
    sender = setting("smtp://127.0.0.1").sender
    plain = replace(LETTER, stop="http://10.0.0.1/public/mail/stop/x")
    with app.app_context():
        found = mail.written(plain, to="a@example.cn", sender=sender)
        nothing = mail.written(replace(LETTER, stop=""), to="a@example.cn", sender=sender)
    assert found["List-Unsubscribe"] == "<http://10.0.0.1/public/mail/stop/x>"
    assert found["List-Unsubscribe-Post"] is None
    assert nothing["List-Unsubscribe"] is None


WITH_LOGIN = f"{USER}:p%40ss%2Fword%3A1@127.0.0.1"


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_credentials_are_given_with_tls(send, tmp_path, monkeypatch, scheme):
    certificate = certify(tmp_path / "server.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with open_mailbox(certificate=certificate, tls=scheme == "smtps", login=True) as box:
        assert send(f"{scheme}://{WITH_LOGIN}:{box.port}").outcome is Outcome.SENT
    assert box.logins == [(USER, PASSWORD)]
    assert len(box.letters) == 1


def test_without_tls_no_credentials_and_no_letter_are_given(send):
    with open_mailbox(login=True) as box, capture_logs() as logged:
        assert send(f"smtp://{WITH_LOGIN}:{box.port}").outcome is Outcome.AWAY
    assert (box.logins, box.letters) == ([], [])
    assert [line["reason"] for line in logged] == ["NoTls"]


def test_a_server_that_cannot_prove_who_it_is_gets_nothing(send, tmp_path):
    certificate = certify(tmp_path / "server.pem")
    with open_mailbox(certificate=certificate, login=True) as box, capture_logs() as logged:
        assert send(f"smtp://{WITH_LOGIN}:{box.port}").outcome is Outcome.AWAY
    assert (box.logins, box.letters) == ([], [])
    assert PASSWORD not in str(logged)


def test_a_wrong_password_is_the_operators_matter_and_is_not_logged(send, tmp_path, monkeypatch):
    certificate = certify(tmp_path / "server.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with open_mailbox(certificate=certificate, login=True) as box, capture_logs() as logged:
        result = send(f"smtp://{USER}:secret-77@127.0.0.1:{box.port}")
    assert (result.outcome, result.code) == (Outcome.AWAY, "535")
    assert "secret-77" not in str(logged)
    assert USER not in str(logged)


@pytest.mark.parametrize(
    ("answers", "outcome", "code"),
    [
        ({"recipient": "450 4.2.1 try later"}, Outcome.LATER, "450"),
        ({"recipient": "550 5.1.1 no such user"}, Outcome.REFUSED, "550"),
        ({"content": "451 4.3.0 try later"}, Outcome.LATER, "451"),
        ({"content": "554 5.6.0 not this"}, Outcome.UNSENDABLE, "554"),
        ({"hangs_up": True}, Outcome.UNCLEAR, ""),
    ],
)
def test_what_the_server_answers_says_what_became_of_the_letter(send, answers, outcome, code):
    with open_mailbox() as box:
        for name, value in answers.items():
            setattr(box, name, value)
        result = send(f"smtp://127.0.0.1:{box.port}")
    assert (result.outcome, result.code) == (outcome, code)


def test_a_server_that_is_away_is_left_alone_for_a_minute(send, monkeypatch):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"smtp://127.0.0.1:{probe.getsockname()[1]}"
        with capture_logs() as logged:
            assert [send(url).outcome for _ in range(2)] == [Outcome.AWAY, Outcome.AWAY]
    assert len(logged) == 1


def test_an_installation_without_a_server_sends_nothing(app):
    with app.app_context():
        assert mail.server() is None
        assert mail.send(LETTER, to="a@example.cn").outcome is Outcome.AWAY


# Settings


def test_a_server_is_read_from_its_address():
    found = setting(f"smtp://{WITH_LOGIN}")
    assert (found.host, found.port, found.tls) == ("127.0.0.1", 587, False)
    assert (found.user, found.password) == (USER, PASSWORD)
    assert setting("smtps://mail.example.cn").port == 465
    assert setting("smtp://mail.example.cn:25").port == 25
    assert str(found.sender) == FROM
    assert PASSWORD not in repr(found)


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.cn",
        "http://mail.example.cn",
        "smtp://",
        "smtp://jinzhu@mail.example.cn",
        "smtp://:secret@mail.example.cn",
        "smtp://mail.example.cn:mail",
        "smtp://mail.example.cn:99999",
        "smtp://mail.example.cn/inbox",
        "smtp://jinzhu:secret@mail.example.cn?tls=no",
    ],
)
def test_a_server_that_is_written_wrong_refuses_the_start_and_tells_no_secret(url):
    with pytest.raises(SettingRefused, match="JINZHU_MAIL must look like") as refused:
        setting(url)
    assert "JINZHU_MAIL 应写成" in refused.value.chinese
    assert "secret" not in str(refused.value) + refused.value.chinese


@pytest.mark.parametrize("sender", ["", "Jinzhu", "a b@example.cn", "进驻@", "进驻@例子.中国"])
def test_a_server_without_a_sender_refuses_the_start(sender):
    with pytest.raises(SettingRefused, match="JINZHU_MAIL_FROM"):
        setting("smtp://mail.example.cn", sender=sender)


@pytest.mark.parametrize("address", ["", "zw.example.gov.cn", "ftp://zw.example.gov.cn"])
def test_a_server_without_an_address_for_links_refuses_the_start(address):
    with pytest.raises(SettingRefused, match="JINZHU_ADDRESS"):
        setting("smtp://mail.example.cn", address=address)


def test_settings_name_no_server_by_default_and_none_is_needed(monkeypatch):
    monkeypatch.delenv("JINZHU_MAIL", raising=False)
    assert Settings.read().mail is None
