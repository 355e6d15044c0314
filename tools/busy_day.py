# SPDX-License-Identifier: Apache-2.0
"""A busy clinic day, sixty times as fast, through the commands that people use: arrivals of both kinds at two counters,
a morning and an afternoon with two doctors, some who do not answer, some who are sent to a test. The plan is made
before it is played, the same every time (fixed seed)."""
import heapq
import json
import random
from dataclasses import dataclass

SPEED = 60.0
# Minutes after 8:30, as the example's hours have it: 8:30-12:00 and 14:30-18:00.
SESSIONS = {"morning": (0, 210), "afternoon": (360, 570)}
# Minutes of a consultation by kind: mean and spread.
VISIT = {"return": (4.0, 1.5), "first": (9.0, 3.0)}
ROOMS = {"1": "naika", "2": "shouni"}
SHARE_NAIKA, SHARE_FIRST = 0.52, 0.2
MISSED, TESTED = 0.08, 0.06  # of those who are called


@dataclass(frozen=True)
class Step:
    minute: float
    sentence: str
    verb: str
    words: tuple = ()
    visit: int = 0  # which call it goes back to, where it is about one

    def seconds(self):
        """When it is played, in seconds after the day began."""
        return self.minute * 60 / SPEED


class Plan:
    """The day lived once in thought; a line is counted, not followed: who is next is the station's rule."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.agenda = []  # (minute, nth, what happens then)
        self.steps = []
        self.line = {service: [] for service in ROOMS.values()}  # kinds of those who wait
        self.doctor = dict.fromkeys(ROOMS, "away")  # "free": nobody waits; "busy": a later step is planned
        self.in_room = dict.fromkeys(ROOMS)
        self.nth = self.visits = 0

    def at(self, minute, happens, *about):
        self.nth += 1
        heapq.heappush(self.agenda, (minute, self.nth, happens, about))

    def note(self, minute, sentence, verb, *words, visit=0):
        self.steps.append(Step(minute, sentence, verb, words, visit))

    def live(self):
        for opens, closes in SESSIONS.values():
            for service in self.line:
                self.at(opens, self.open, service)
                self.at(closes, self.close, service)
            for room in ROOMS:
                self.at(opens, self.not_yet, room)
                self.at(opens + 2.0 + self.chance.random(), self.begin, room)
            minute = opens
            while True:
                # A crowd at the opening, then a steady stream.
                minute += self.chance.expovariate(1 / 0.8 if minute < opens + 15 else 1 / 3.4)
                if minute >= closes:
                    break
                self.at(minute, self.arrive, "naika" if self.chance.random() < SHARE_NAIKA else "shouni",
                        "first" if self.chance.random() < SHARE_FIRST else "return")
        while self.agenda:
            minute, _, happens, about = heapq.heappop(self.agenda)
            happens(minute, *about)
        return self.steps

    def open(self, minute, service):
        if minute > 0:  # the demo itself opens for the morning
            self.note(minute, f"{service} opens for the afternoon", "open", service)

    def close(self, minute, service):
        if minute < SESSIONS["afternoon"][1]:  # in the evening it stays open for whoever tries the demo
            self.note(minute, f"{service} takes nobody more until the afternoon", "close", service)

    def arrive(self, minute, service, kind):
        self.note(minute, f"a patient takes a number at {service}", "take", service, "--kind", kind)
        self.waits(minute, service, kind)

    def waits(self, minute, service, kind):
        self.line[service].append(kind)
        for room, its in ROOMS.items():
            if its == service and self.doctor[room] == "free":
                self.doctor[room] = "busy"
                self.at(minute + 0.2, self.ready, room)

    def not_yet(self, _, room):
        if self.doctor[room] == "free":
            self.doctor[room] = "away"

    def begin(self, minute, room):
        if self.doctor[room] == "away":
            self.ready(minute, room)

    def ready(self, minute, room):
        """The doctor looks whether somebody waits; a call also finishes who was in the room."""
        line = self.line[ROOMS[room]]
        if not line:
            self.doctor[room] = "free"
            if self.in_room[room]:
                self.note(minute, f"room {room} is done, nobody waits", "finish", visit=self.in_room[room])
                self.in_room[room] = None
            return
        self.doctor[room] = "busy"
        kind = line.pop(0)
        self.visits += 1
        visit = self.in_room[room] = self.visits
        self.note(minute, f"room {room} calls the next", "call", ROOMS[room], "--room", room, visit=visit)
        fate = self.chance.random()
        if fate < MISSED:
            self.set_aside(minute + 1.0, 8.0, room, kind, visit, ("absent", f"nobody comes to room {room}"),
                           ("back", "who was missed is back"))
        elif fate < MISSED + TESTED:
            self.set_aside(minute + 3.0, 12.0, room, kind, visit, ("hold", f"room {room} sends the patient to a test"),
                           ("resume", "back from the test"))
        else:
            self.at(minute + max(1.5, self.chance.gauss(*VISIT[kind])), self.ready, room)

    def set_aside(self, minute, away, room, kind, visit, out, back):
        self.at(minute, self.leave, room, visit, out)
        self.at(minute + 0.2, self.ready, room)
        self.at(minute + away, self.come_back, ROOMS[room], kind, visit, back)

    def leave(self, minute, room, visit, out):
        verb, sentence = out
        self.note(minute, sentence, verb, visit=visit)
        self.in_room[room] = None

    def come_back(self, minute, service, kind, visit, back):
        verb, sentence = back
        self.note(minute, sentence, verb, visit=visit)
        self.waits(minute, service, kind)


def steps(seed=20261124):
    """The day's steps, in order of time."""
    return Plan(seed).live()


def play(machiai, say, step, tickets):
    """Carries one step out; `tickets` remembers who was called by which visit."""
    words = step.words
    if not words:
        if step.visit not in tickets:
            return
        words = (tickets[step.visit],)
    done = machiai(step.verb, *words)
    answer = json.loads(done.stdout or "{}")
    if done.returncode != 0:
        return say(f"{step.sentence}: not done ({answer.get('error', {}).get('reason', 'no answer')})")
    if step.verb == "call":
        tickets[step.visit] = answer["ticket"]
    number = answer.get("number")
    return say(f"{step.sentence}: {number}" if number else step.sentence)
