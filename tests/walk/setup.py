# SPDX-License-Identifier: Apache-2.0
"""tools/setup on a machine with none of the packages, as far as one can see without installing: apt's part is played by
scripts that speak as apt does."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
NOTHING = "exit 1"
ALL = 'printf "ii %s " "${@:4}"'
ALL_BUT_CMAKE = 'for p in "${@:4}"; do [ "$p" = cmake ] || printf "ii %s " "$p"; done; exit 1'
INSTALLS = """[ "$1" = update ] && { echo 'Hit:1 http://deb.debian.org'; echo 'dlstatus:1:50.0000:Retrieving file 1 of 2'; exit 0; }
echo 'Reading package lists...'
echo 'dlstatus:1:12.3456:Retrieving file 3 of 81 (4min 2s remaining)'
echo 'Unpacking cmake (3.25.1-1) ...'
echo 'pmstatus:cmake:37.0370:Unpacking cmake (amd64)'
echo 'pmstatus:dpkg-exec:99.9000:Running dpkg'"""
FAILS = """[ "$1" = update ] && exit 0
echo 'pmstatus:cmake:37.0370:Unpacking cmake (amd64)'
echo 'E: Unable to locate package cmake' >&2
exit 100"""


class Setup(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="machiai-setup-"))
        self.addCleanup(shutil.rmtree, self.dir)
        self.stand_in("apt-cache", "echo '  Candidate: 1.0'")  # the voice is to be had: no sources are written
        self.sources = self.dir / "apt/sources.list.d"
        self.sources.mkdir(parents=True)
        self.stand_in("sudo", 'exec "$@"')

    def stand_in(self, name, body):
        path = self.dir / name
        path.write_text(f'#!/bin/bash\necho "{name} $*" >>{self.dir}/calls\n{body}\n')
        path.chmod(0o755)

    def run_setup(self, installed, apt_get, every="0"):
        self.stand_in("dpkg-query", installed)
        self.stand_in("apt-get", apt_get)
        done = subprocess.run([ROOT / "tools/setup"], capture_output=True, text=True, check=False, env={
            **os.environ, "PATH": f"{self.dir}:{os.environ['PATH']}", "MACHIAI_SETUP_EVERY": every,
            "MACHIAI_SETUP_APT": str(self.dir / "apt")})
        calls = (self.dir / "calls").read_text().splitlines()
        return done, [call for call in calls if call.startswith("apt-get ")]

    def test_nothing_is_said_where_nothing_is_missing(self):
        done, calls = self.run_setup(ALL, INSTALLS)
        self.assertEqual((done.returncode, done.stdout, done.stderr, calls), (0, "", "", []))

    def test_progress_is_told_and_what_apt_says_is_not(self):
        done, calls = self.run_setup(NOTHING, INSTALLS)
        self.assertEqual(done.returncode, 0, done.stderr)
        first, *told = done.stdout.splitlines()
        self.assertRegex(first, r"^setup: installing \d+ packages \(build-essential cmake ")
        self.assertEqual(told, ["setup: 50 % of the download: Retrieving file 1 of 2",
                                "setup: 12 % of the download: Retrieving file 3 of 81 (4min 2s remaining)",
                                "setup: 37 % Unpacking cmake (amd64)", "setup: 99 % Running dpkg", "setup: done"])
        self.assertEqual(len(calls), 2)
        self.assertRegex(calls[1], r"^apt-get install -y .*--no-install-recommends .* cmake ")

    def test_only_what_is_missing_is_installed(self):
        done, calls = self.run_setup(ALL_BUT_CMAKE, INSTALLS)
        self.assertIn("setup: installing 1 packages (cmake ...)", done.stdout)
        self.assertTrue(calls[1].endswith(" cmake"), calls)
        self.assertNotIn("build-essential", calls[1])

    def written(self):
        return {path.name: path.read_text() for path in self.sources.iterdir() if path.name.startswith("machiai")}

    def test_where_the_voice_is_to_be_had_no_sources_are_written(self):
        (self.sources / "debian.sources").write_text("Components: main\n")
        self.run_setup(NOTHING, INSTALLS)
        self.assertEqual(self.written(), {})

    def test_the_voice_comes_from_contrib_of_the_machine_s_own_sources(self):
        self.stand_in("apt-cache", "echo '  Candidate: (none)'")
        stanza = ("Types: deb\nURIs: http://mirror.example/debian{}\nSuites: bookworm{}\nComponents: {}\n"
                  "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n")
        both = [stanza.format("", " bookworm-updates", "{0}"), stanza.format("-security", "-security", "{0}")]
        (self.sources / "debian.sources").write_text("\n".join(both).format("main non-free-firmware"))
        (self.dir / "apt/sources.list").write_text("deb http://other.example/debian bookworm main\n")
        done, calls = self.run_setup(NOTHING, INSTALLS)
        self.assertEqual(done.returncode, 0, done.stderr)
        expected = {"machiai-contrib.sources": "\n".join(both).format("contrib")}
        self.assertEqual(self.written(), expected)
        self.assertIn("update", calls[0], "what is new in the sources is asked for")
        self.run_setup(NOTHING, INSTALLS)
        self.assertEqual(self.written(), expected, "once more changes nothing")

    def test_the_voice_comes_from_contrib_of_an_old_list(self):
        self.stand_in("apt-cache", "exit 0")
        (self.dir / "apt/sources.list").write_text(
            "# made by the installer\ndeb http://mirror.example/debian bookworm main non-free-firmware\n"
            "deb-src http://mirror.example/debian bookworm main\n# deb http://mirror.example/debian sid main\n"
            "deb [arch=amd64] http://mirror.example/debian-security bookworm-security main\n")
        for _ in range(2):
            done, _ = self.run_setup(NOTHING, INSTALLS)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(self.written(), {"machiai-contrib.list": (
                "deb http://mirror.example/debian bookworm contrib\n"
                "deb [arch=amd64] http://mirror.example/debian-security bookworm-security contrib\n")})

    def test_a_thousand_steps_at_once_are_not_a_thousand_lines(self):
        steps = "for n in $(seq 1000); do echo \"pmstatus:p$n:$((n / 10)).0:Unpacking p$n\"; done"
        done, _ = self.run_setup(NOTHING, f'[ "$1" = update ] || {steps}', every="100")
        self.assertEqual(len(re.findall("Unpacking", done.stdout)), 1, done.stdout)

    def test_what_apt_says_is_told_when_it_fails(self):
        done, _ = self.run_setup(NOTHING, FAILS)
        self.assertEqual(done.returncode, 1)
        self.assertIn("E: Unable to locate package cmake", done.stderr)
        self.assertIn("could not install everything", done.stderr)
        self.assertNotIn("pmstatus", done.stdout + done.stderr)
        self.assertNotIn("setup: done", done.stdout)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
