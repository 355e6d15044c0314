# SPDX-License-Identifier: Apache-2.0
"""The busy day of the demo, as it is planned: sixty times as fast, two doctors, and nobody called while nobody waits."""
import collections
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))

import busy_day  # noqa: E402

MORNING, AFTERNOON = busy_day.SESSIONS.values()
PATIENCE = 3.0  # minutes that a doctor lets somebody wait in front of an empty room: beginning, looking, one who is missed


class BusyDay(unittest.TestCase):
    def setUp(self):
        self.steps = busy_day.steps()

    def of(self, verb):
        return [step for step in self.steps if step.verb == verb]

    def test_a_minute_is_a_second(self):
        self.assertEqual(busy_day.SPEED, 60)
        for step in self.steps:
            self.assertAlmostEqual(step.seconds(), step.minute)
        self.assertEqual(self.steps, sorted(self.steps, key=lambda step: step.minute))
        self.assertGreater(self.steps[-1].minute, AFTERNOON[1])
        self.assertLess(self.steps[-1].minute, AFTERNOON[1] + 75)

    def test_it_is_the_same_every_time(self):
        self.assertEqual(self.steps, busy_day.steps())
        self.assertNotEqual(self.steps, busy_day.steps(seed=1))

    def test_patients_of_both_kinds_come_to_both_counters_while_they_are_open(self):
        seen = collections.Counter()
        for step in self.of("take"):
            service, _, kind = step.words
            session = next((name for name, (opens, closes) in busy_day.SESSIONS.items() if opens <= step.minute < closes), None)
            self.assertIsNotNone(session, f"somebody comes at minute {step.minute}")
            seen[session, service, kind] += 1
        self.assertEqual(len(seen), 8, seen)
        self.assertGreater(sum(seen.values()), 120)

    def test_some_do_not_answer_and_some_are_sent_to_a_test_and_all_come_back(self):
        for out, back in (("absent", "back"), ("hold", "resume")):
            left = {step.visit: step.minute for step in self.of(out)}
            came = {step.visit: step.minute for step in self.of(back)}
            self.assertGreaterEqual(len(left), 3, out)
            self.assertEqual(left.keys(), came.keys())
            self.assertTrue(all(came[visit] > minute for visit, minute in left.items()))

    def test_everybody_is_seen(self):
        self.assertEqual(len(self.of("call")), len(self.of("take")) + len(self.of("absent")) + len(self.of("hold")))

    def test_the_counters_close_for_lunch_and_open_again(self):
        self.assertEqual([(step.minute, *step.words) for step in self.of("close")],
                         [(MORNING[1], "naika"), (MORNING[1], "shouni")])
        self.assertEqual([(step.minute, *step.words) for step in self.of("open")],
                         [(AFTERNOON[0], "naika"), (AFTERNOON[0], "shouni")])

    def test_both_doctors_call_who_waits_and_nobody_else(self):
        for seed in (20261124, *range(200)):
            self.follow(busy_day.steps(seed), f"seed {seed}")

    def follow(self, steps, where):
        """Lives the plan beside it: who waits, who is in which room, and since when somebody waits for an empty one."""
        waiting, inside, service_of, idle = collections.Counter(), {}, {}, {}
        calls = collections.Counter()
        for step in steps:
            room = service_of.get(step.visit)
            if step.verb == "take":
                waiting[step.words[0]] += 1
            elif step.verb == "call":
                service, _, room = step.words
                self.assertGreater(waiting[service], 0, f"{where}: room {room} calls nobody at {step.minute}")
                waiting[service] -= 1
                inside[room], service_of[step.visit] = step.visit, room
                calls[room, step.minute > AFTERNOON[0]] += 1
            elif step.verb in ("absent", "hold", "finish"):
                self.assertEqual(inside.pop(room), step.visit, f"{where}: {step}")
            elif step.verb in ("back", "resume"):
                waiting[busy_day.ROOMS[room]] += 1
            for room, service in busy_day.ROOMS.items():
                if room in inside or not waiting[service]:
                    idle.pop(room, None)
                else:
                    since = idle.setdefault(room, step.minute)
                    self.assertLess(step.minute - since, PATIENCE, f"{where}: room {room} calls nobody at {step.minute}")
        self.assertEqual((sum(waiting.values()), inside), (0, {}), where)
        self.assertTrue(all(calls[room, half] > 15 for room in busy_day.ROOMS for half in (False, True)), f"{where}: {calls}")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
