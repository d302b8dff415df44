"""A real SMTP server on 127.0.0.1 that takes, delays or refuses mail as a test wishes."""

import socketserver
import threading
import time


class MailServer:
    """Use as a context manager; `taken` holds what arrived, `delay` seconds pass before it is confirmed."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.delay = 0.0
        self.refusal = ""
        server = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                server.talk(self)

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True

        self.tcp = Server(("127.0.0.1", 0), Handler)
        self.port = self.tcp.server_address[1]
        self.thread = threading.Thread(target=self.tcp.serve_forever, daemon=True)

    def __enter__(self) -> "MailServer":
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.tcp.shutdown()
        self.tcp.server_close()
        self.thread.join()

    def talk(self, peer: socketserver.StreamRequestHandler) -> None:
        def say(line: str) -> None:
            peer.wfile.write(f"{line}\r\n".encode())

        say("220 test")
        while line := peer.rfile.readline().decode().strip():
            verb = line.upper()
            if verb.startswith(("EHLO", "HELO", "MAIL", "RSET")):
                say("250 ok")
            elif verb.startswith("RCPT"):
                say(self.refusal or "250 ok")
            elif verb == "DATA":
                say("354 go on")
                text = ""
                while (part := peer.rfile.readline().decode()) != ".\r\n":
                    text += part
                time.sleep(self.delay)
                self.taken.append(text)
                say("250 taken")
            elif verb == "QUIT":
                say("221 bye")
                return
