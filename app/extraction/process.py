"""One worker process: it loads the model once, and reads one text after the other.

The process imports this module, and so nothing of the server: it starts quickly, and stays small.
"""

import os
import signal
from multiprocessing import get_context
from multiprocessing.connection import Connection
from traceback import format_exc

from app.errors import ExtractionFailed, Problem
from app.extraction.engine import extract
from app.extraction.proposal import Proposal

# Not a copy of the server, whose threads and connections a copy would inherit halfway.
CONTEXT = get_context("spawn")
START_SECONDS = 120

Answer = Proposal | Problem | str | None


class WorkerDied(Exception):
    """The process ended before it had answered."""


class WorkerProcess:
    """A process that is running. It ends with `stop`, or by itself when this one has ended."""

    def __init__(self, model: str | None) -> None:
        """Raises ExtractionModelMissing when the model is not installed, or WorkerDied."""
        self.connection, far_end = CONTEXT.Pipe()
        # A daemon ends with this process, should nobody stop it.
        self.process = CONTEXT.Process(target=serve, args=(far_end, model), daemon=True)
        self.process.start()
        # Now only the worker has it, and the connection ends when the worker does.
        far_end.close()
        try:
            self.receive(START_SECONDS)
        except TimeoutError:
            self.stop()
            raise WorkerDied("it did not start") from None
        except BaseException:
            self.stop()
            raise

    def extract(self, text: str, language: str, timeout_seconds: float) -> Proposal:
        """Raises TimeoutError or WorkerDied, after which the process is of no more use."""
        try:
            self.connection.send((text, language))
        except OSError:
            raise WorkerDied(f"exit code {self.process.exitcode}") from None
        answer = self.receive(timeout_seconds)
        assert isinstance(answer, Proposal)
        return answer

    def receive(self, timeout_seconds: float) -> Proposal | None:
        try:
            if not self.connection.poll(timeout_seconds):
                raise TimeoutError
            answer: Answer = self.connection.recv()
        except (EOFError, ConnectionError):
            self.process.join(1)
            raise WorkerDied(f"exit code {self.process.exitcode}") from None
        if isinstance(answer, Problem):
            raise answer
        if isinstance(answer, str):
            raise RuntimeError(f"A worker process failed:\n{answer}")
        return answer

    def stop(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


def serve(connection: Connection, model: str | None) -> None:
    """The life of the process: load, then answer until the connection ends."""
    # An interrupt from the terminal reaches all processes; the server decides what ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Read when numpy is first imported: these products are small, and threads only cost.
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
    from app.extraction.language_models import load_model

    try:
        language_model = load_model(model)
    except Problem as problem:
        connection.send(problem)
        return
    connection.send(None)
    while True:
        try:
            text, language = connection.recv()
        except (EOFError, ConnectionError):
            return
        answer: Answer
        try:
            answer = extract(text, language=language, language_model=language_model)
        except MemoryError:
            answer = ExtractionFailed("The text needs more memory than there is.")
        except Exception:
            answer = format_exc()
        connection.send(answer)
