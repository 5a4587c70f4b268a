"""A mail server (aiosmtpd) that fails as it is told to.

    server.py [--port N] [--cert FILE --key FILE] [--tls] [--user NAME --password WORD]

Prints {"port": N} when it listens. Each line of standard input is a command, answered by a line: {"mode": NAME, "times": N} behaves so for the next N mails
(or connections), then accepts again; without times until it is told otherwise. {"life": N} marks what is accepted from now on. {"received": true} lists what was accepted. It ends with its input.
"""

import argparse
import asyncio
import json
import logging
import ssl
import sys
import time

from aiosmtpd.smtp import SMTP, AuthResult

# It is told to fail: that is nothing to complain of.
logging.disable(logging.CRITICAL)

FOREVER = 3600


class State:
    """How the server behaves, and what it accepted."""

    def __init__(self):
        self.mode = "accept"
        self.times = None
        self.received = []
        self.life = 0
        self.connections = 0
        self.encrypted = 0
        self.authenticated = 0

    def takes(self, mode):
        """Whether it behaves so now, which counts as once."""
        if self.mode != mode:
            return False
        if self.times is not None:
            self.times -= 1
            if self.times == 0:
                self.mode, self.times = "accept", None
        return True


class Server(SMTP):
    """The greeting, which aiosmtpd has no hook for."""

    def __init__(self, state, **options):
        super().__init__(Handler(state), hostname="localhost", enable_SMTPUTF8=True, **options)
        self.state = state

    async def _handle_client(self):
        self.state.connections += 1
        if self.state.takes("hang-greeting"):
            await asyncio.sleep(FOREVER)
        for mode, answer in (("greeting-4xx", "421 4.3.2 too busy"), ("greeting-5xx", "554 5.3.2 not here")):
            if self.state.takes(mode):
                await self.push(answer)
                self.transport.close()
                return
        if self.state.takes("drop-greeting"):
            self.transport.abort()
            return
        await super()._handle_client()


class Handler:
    """The dialogue."""

    def __init__(self, state):
        self.state = state

    async def handle_MAIL(self, server, session, envelope, address, options):
        envelope.begun = time.monotonic()
        if self.state.mode == "slow":
            await asyncio.sleep(0.3)
        if self.state.takes("mail-4xx"):
            return "451 4.3.0 try again later"
        if self.state.takes("mail-5xx"):
            return "550 5.7.1 this sender may not"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.state.takes("hang-rcpt"):
            await asyncio.sleep(FOREVER)
        if self.state.takes("rcpt-4xx"):
            return "450 4.2.1 mailbox busy"
        if self.state.takes("rcpt-5xx"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.state.takes("hang-data"):
            await asyncio.sleep(FOREVER)
        if self.state.takes("data-4xx"):
            return "452 4.3.1 disk full"
        if self.state.takes("data-5xx"):
            return "554 5.6.0 not this mail"
        if self.state.takes("drop-data"):
            server.transport.abort()
            await asyncio.sleep(FOREVER)
        if self.state.mode == "slow":
            await asyncio.sleep(0.3)
        content = envelope.original_content.decode()
        self.state.received.append({"to": envelope.rcpt_tos, "source": content, "life": self.state.life, "took": time.monotonic() - envelope.begun})
        self.state.encrypted += session.ssl is not None
        self.state.authenticated += bool(session.authenticated)
        if self.state.takes("drop-accepted"):
            server.transport.abort()
            await asyncio.sleep(FOREVER)
        return "250 OK"


def answer(state, command):
    if "mode" in command:
        state.mode, state.times = command["mode"], command.get("times")
        return {}
    if "life" in command:
        state.life = command["life"]
        return {}
    return {
        "received": state.received,
        "connections": state.connections,
        "encrypted": state.encrypted,
        "authenticated": state.authenticated,
    }


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--cert")
    parser.add_argument("--key")
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--user")
    parser.add_argument("--password")
    arguments = parser.parse_args()

    options = {}
    context = None
    if arguments.cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(arguments.cert, arguments.key)
        if not arguments.tls:
            options["tls_context"] = context
    if arguments.user:
        def authenticate(server, session, envelope, mechanism, data):
            is_good = data.login == arguments.user.encode() and data.password == arguments.password.encode()
            return AuthResult(success=is_good, handled=False)

        options.update(auth_required=True, auth_require_tls=not arguments.tls and context is not None, authenticator=authenticate)

    state = State()
    loop = asyncio.get_running_loop()
    wraps = context if arguments.tls else None
    listening = await loop.create_server(lambda: Server(state, loop=loop, **options), "127.0.0.1", arguments.port, ssl=wraps)
    print(json.dumps({"port": listening.sockets[0].getsockname()[1]}), flush=True)

    commands = asyncio.StreamReader(limit=2**20)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    while line := await commands.readline():
        print(json.dumps(answer(state, json.loads(line))), flush=True)


asyncio.run(main())
