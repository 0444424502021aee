"""The rows on UDP. Each function plays one end over a bound socket; a client sends to `job.peer`."""

from wire import Deviation, expect, printable, say, show

DATAGRAM_BYTES = 65535
CELSIUS = "转换为华氏温度为: ".encode()


def fahrenheit(text):
    """As Python writes it: `37` is `98.6`, `100` is `212.0`."""
    return CELSIUS + str(round(float(text) * 1.8 + 32, 2)).encode()


def answer_of(sock):
    return sock.recvfrom(DATAGRAM_BYTES)[0]


# 6: chat over one socket each ----------------------------------------------------------------------


def show_arrivals(sock, count):
    sender = None
    for _ in range(count):
        text, sender = sock.recvfrom(DATAGRAM_BYTES)
        say(f">>>{sender[:2]}:{printable(text)}")
    return sender


def chat_client(sock, job):
    for text in job.says:
        sock.sendto(text, job.peer)
    show_arrivals(sock, job.count)


def chat_server(sock, job):
    sender = show_arrivals(sock, job.count)
    for text in job.says:
        sock.sendto(text, sender)


# 10, 11: a datagram, an answer ---------------------------------------------------------------------


def hello_client(sock, job):
    for text in job.says:
        sock.sendto(text, job.peer)
        answer = answer_of(sock)
        show(answer)
        expect("answer", answer, b"Hello, " + text + b"!")


def hello_server(sock, job):
    for _ in range(job.count):
        text, sender = sock.recvfrom(DATAGRAM_BYTES)
        show(text)
        sock.sendto(b"Hello, " + text + b"!", sender)


def celsius_client(sock, job):
    for text in job.says:
        sock.sendto(text, job.peer)
        answer = answer_of(sock)
        show(answer)
        try:
            expect("answer", answer, fahrenheit(text))
        except ValueError:  # no number: any words will do, so long as they are no temperature
            if not answer or answer.startswith(CELSIUS):
                raise Deviation(f"'{printable(text)}' is no number, and got no error text") from None


def celsius_server(sock, job):
    for _ in range(job.count):
        text, sender = sock.recvfrom(DATAGRAM_BYTES)
        show(text)
        try:
            sock.sendto(fahrenheit(text), sender)
        except ValueError:
            raise Deviation(f"not a temperature: '{printable(text)}'") from None


# 12, 13: one datagram; all of them back ------------------------------------------------------------


def once_client(sock, job):
    sock.sendto(job.says[0], job.peer)


def once_server(sock, job):
    for _ in range(job.count):
        text, sender = sock.recvfrom(DATAGRAM_BYTES)
        say(f"got {printable(text)} from {sender[0]}:{sender[1]}")


def echo_client(sock, job):
    for text in [*job.says, b"exit"]:
        sock.sendto(text, job.peer)
        answer = answer_of(sock)
        show(answer)
        expect("echo", answer, text)


def echo_server(sock, job):
    """Ends after the `exit` of its last client."""
    exits = 0
    while exits < job.count:
        text, sender = sock.recvfrom(DATAGRAM_BYTES)
        show(text)
        sock.sendto(text, sender)
        exits += text == b"exit"
