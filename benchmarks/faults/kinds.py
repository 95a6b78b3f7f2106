"""The kinds of fault: what each does to a stage, at moments that its seed chooses."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from benchmarks.faults.members import SILENT_S
from benchmarks.faults.stage import WELL, Stage

Disturb = Callable[[Stage, int], None]


def kill(stage: Stage, times: int) -> None:
    """Kill one replica (-9), half of the time with messages in hand, and start it again."""
    stage.next_day()
    for _ in range(times):
        _work_for_a_while(stage)
        member = stage.any_ready()
        stage.kill(member)
        stage.pass_up_to(0.3)
        member.start()


def kill_while_planning(stage: Stage, times: int) -> None:
    """Kill one replica within the half second in which a day's messages are planned."""
    for _ in range(times):
        member = stage.any_ready()
        stage.next_day()
        stage.pass_up_to(0.5)
        stage.kill(member)
        member.start()
        stage.settle()


def kill_all_together(stage: Stage, times: int) -> None:
    """Kill all replicas at once, and start them again."""
    stage.next_day()
    for _ in range(times):
        stage.wait_until_all_are_ready()
        _work_for_a_while(stage)
        for member in stage.members:
            stage.kill(member)
        for member in stage.members:
            member.start()


def pause(stage: Stage, times: int) -> None:
    """SIGSTOP of one replica for longer than others wait for a sign of life; then SIGCONT."""
    for _ in range(times):
        stage.wait_until_all_are_ready()
        stage.next_day()
        stage.wait_for_something_in_hand(3)
        stage.pass_up_to(0.5)
        member = stage.any_ready()
        member.pause()
        time.sleep(SILENT_S + 2)
        stage.pass_up_to(3)
        member.go_on()
        stage.settle()


def stop_the_database(stage: Stage, times: int) -> None:
    """The database is stopped cleanly, cutting everybody off, and started again."""
    assert stage.server is not None
    stage.next_day()
    for _ in range(times):
        _work_for_a_while(stage)
        stage.server.halt()
        stage.pass_up_to(2)
        stage.server.start()
        time.sleep(1)


def crash_the_database(stage: Stage, times: int) -> None:
    """The database is stopped as if by a power cut, and has to recover."""
    assert stage.server is not None
    stage.next_day()
    for _ in range(times):
        _work_for_a_while(stage)
        stage.server.crash()
        stage.pass_up_to(2)
        stage.server.start()
        time.sleep(1)


def hang_the_database(stage: Stage, times: int) -> None:
    """The database stays and doesn't answer: once briefly, once for longer than the silence."""
    assert stage.server is not None
    stage.next_day()
    for number in range(times):
        _work_for_a_while(stage)
        with stage.server.paused():
            time.sleep(SILENT_S + 2 if number % 2 else 2)


def lose_replies(stage: Stage, times: int) -> None:
    """One reply in twenty is lost; the message is there."""
    for _ in range(times):
        _bad(stage, lost=0.05)
        stage.next_day()
        stage.settle()


def cut_connections(stage: Stage, times: int) -> None:
    """Connections are cut: one in twenty before it, one in twenty before it lands all the same."""
    for _ in range(times):
        _bad(stage, cut=0.05, slow=0.05)
        stage.next_day()
        stage.settle()


def storm(stage: Stage, times: int) -> None:
    """Most requests get 503 and HTML for a while, then all; half of them were kept."""
    for _ in range(times):
        stage.next_day()
        stage.wait_for_something_in_hand(3)
        _bad(stage, storm=0.6)
        time.sleep(2)
        _bad(stage, storm=1.0)
        time.sleep(2)
        stage.platform.behave(WELL)
        stage.settle()


def set_a_clock_wrong(stage: Stage, times: int) -> None:
    """One replica's clock jumps forward or back; it is killed, and starts with the right time."""
    for _ in range(times):
        stage.next_day()
        stage.wait_for_something_in_hand(3)
        member = stage.any_ready()
        for minutes in (-1, 1, -60, 60):
            stage.time.lead_astray(member.clock, timedelta(minutes=minutes))
            stage.pass_up_to(1)
        time.sleep(3)  # until it has begun anew in that hour
        # What it wrote down by the wrong time is read by its successor.
        stage.kill(member)
        stage.time.lead_astray(member.clock, timedelta(0))
        member.start()
        stage.settle()


def tick_together(stage: Stage, times: int) -> None:
    """A day's messages become due for all replicas at the same instant, or at their start."""
    for number in range(times):
        stage.wait_until_all_are_ready()
        if number % 2:
            for member in stage.members:
                member.stop()
        stage.next_day()
        for member in stage.members:
            member.start()
        stage.settle()


def restart_one_by_one(stage: Stage, times: int) -> None:
    """Each replica is told to stop (SIGTERM) and started again, one after the other."""
    stage.next_day()
    for _ in range(times):
        for member in stage.members:
            stage.wait_until_ready(member)
            _work_for_a_while(stage)
            stage.badly_stopped += member.stop() != 0
            member.start()


def run_out_of_time(stage: Stage, times: int) -> None:
    """Messages are planned seconds before it is too late for them, and the platform is slow."""
    for _ in range(times):
        _bad(stage, storm=0.3)
        stage.wait_until_all_are_ready()
        stage.next_day(timedelta(hours=4) - timedelta(seconds=4), may_expire=True)
        time.sleep(3)
        stage.platform.behave(WELL)
        stage.settle()


def everything(stage: Stage, times: int) -> None:
    """Kills, lost replies, cut connections and, where there is one, a database that crashes."""
    _bad(stage, lost=0.05, cut=0.03, slow=0.03)
    stage.next_day()
    for number in range(times):
        _work_for_a_while(stage)
        member = stage.any_ready()
        stage.kill(member)
        if stage.server is not None and stage.cast.database == "postgresql" and number % 4 == 3:
            stage.server.crash()
            stage.server.start()
        member.start()


def _work_for_a_while(stage: Stage) -> None:
    """Wait for a random moment, or until messages are in hand; with nothing to do, a day passes."""
    stage.any_ready()
    if stage.has_settled():
        stage.next_day()
    if stage.random.random() < 0.5:
        stage.wait_for_something_in_hand(3)
        stage.pass_up_to(0.3)
    else:
        stage.pass_up_to(1.2)


def _bad(
    stage: Stage, *, lost: float = 0, cut: float = 0, slow: float = 0, storm: float = 0
) -> None:
    """Have the platform fail for such shares of all requests."""
    seed = stage.random.randrange(1_000_000)
    stage.platform.behave(
        replace(WELL, lost=lost, cut=cut, slow=slow, lands_after_s=0.4, storm=storm, seed=seed)
    )
