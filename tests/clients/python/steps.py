"""The steps of a client: each is run, named and judged; the last line says how many passed."""

import os
import sys
import traceback

_steps = []


def step(function):
    """A step: its name is the function's, with spaces. It fails by raising."""
    _steps.append(function)
    return function


def env(name):
    """What the server wrote into its env file."""
    return os.environ[name]


def check(found, expected):
    """Like `assert found == expected`, and tells what was found."""
    if found != expected:
        raise AssertionError(f"expected {expected!r}, found {found!r}")


def raises(kind, call, *words):
    """`call` has to fail with an exception of this kind that says these words."""
    try:
        call()
    except kind as error:
        for word in words:
            if word not in str(error):
                raise AssertionError(f"{word!r} is missing in {error}") from error
        return error
    raise AssertionError(f"no {kind.__name__} was raised")


def run():
    failed = 0
    for function in _steps:
        name = function.__name__.replace("_", " ")
        try:
            function()
            print(f"ok {name}", flush=True)
        except Exception as error:  # whatever a client raises is a finding
            failed += 1
            print(f"FAILED {name}: {type(error).__name__}: {str(error)[:2000]}", flush=True)
            if os.environ.get("CLIENTS_TRACE"):
                traceback.print_exc()
    print(f"{len(_steps) - failed} of {len(_steps)}")
    sys.exit(1 if failed else 0)
