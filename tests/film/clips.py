# SPDX-License-Identifier: Apache-2.0
"""Short films made by ffmpeg, each with a strip in its top left that a program can read: 18 blocks of 32 px of 1280:
1, 0, three bits of the film, ten bits of the frame, 0, 1, 0. And the same films broken in every way."""
import os
import random
import subprocess

RATE = 30


def strip(film, px=32):
    def box(block, count, colour, when=""):
        return f"drawbox=x={px * block}:y=0:w={px * count}:h={px}:color={colour}:t=fill{when}"

    white = [0, 16] + [2 + bit for bit in range(3) if film >> bit & 1]
    return ",".join([box(0, 18, "black"), *(box(block, 1, "white") for block in white),
                     *(box(5 + bit, 1, "white", f":enable='mod(floor(n/{1 << bit}),2)'") for bit in range(10))])


def ffmpeg(*args):
    subprocess.run(["ffmpeg", "-y", "-v", "error", *args], check=True, stdin=subprocess.DEVNULL)


def film(path, number, source, seconds, faststart=True, sound=False, size=(1280, 720)):
    ffmpeg("-f", "lavfi", "-i", f"{source}{'=' if '=' not in source else ':'}s={size[0]}x{size[1]}:r={RATE}",
           *(["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"] if sound else []),
           "-vf", strip(number, size[0] // 40), "-t", str(seconds), "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p",
           "-g", "30", *(["-c:a", "aac"] if sound else []), *(["-movflags", "+faststart"] if faststart else []), path)


def cut(source, target, share):
    with open(source, "rb") as whole, open(target, "wb") as part:
        part.write(whole.read(int(os.path.getsize(source) * share)))


def make(folder, seconds=4):
    """red (1) and blue (2) play, still (3) is a picture; the others do not."""
    def at(name):
        return os.path.join(folder, name)
    film(at("red.mp4"), 1, "color=c=0xB04030", seconds, sound=True)
    film(at("blue.mp4"), 2, "color=c=0x3050B0", seconds)
    ffmpeg("-f", "lavfi", "-i", "color=c=0x30A060:s=1280x720", "-vf", strip(3), "-frames:v", "1", at("still.png"))
    ffmpeg("-f", "lavfi", "-i", f"color=c=black:s=1280x720:r={RATE}", "-t", "1", "-pix_fmt", "yuv420p", at("dark.mp4"))
    film(at("whole.mp4"), 4, "testsrc2", seconds, faststart=False)
    cut(at("whole.mp4"), at("no-moov.mp4"), .4)
    os.remove(at("whole.mp4"))
    film(at("whole.mp4"), 4, "testsrc2", seconds)
    cut(at("whole.mp4"), at("cut.mp4"), .4)
    os.remove(at("whole.mp4"))
    with open(at("noise.mp4"), "wb") as file:
        file.write(os.urandom(100_000))
    open(at("nothing.mp4"), "wb").close()
    os.mkfifo(at("stuck.mp4"))


def flip(source, folder, count):
    """`count` copies of a film, each with one to sixteen bits turned over, every other one within its index; their
    names. The same ones each time."""
    with open(source, "rb") as file:
        whole = file.read()
    names = []
    for seed in range(count):
        chance = random.Random(seed)
        film_bytes = bytearray(whole)
        reach = min(len(film_bytes), 1500) if seed % 2 else len(film_bytes)
        for _ in range(1 << seed % 5):
            film_bytes[chance.randrange(reach)] ^= 1 << chance.randrange(8)
        names.append(f"flipped-{seed}")
        with open(os.path.join(folder, names[-1] + ".mp4"), "wb") as file:
            file.write(film_bytes)
    return names


def make_odd(folder):
    """Whole files that no import would have let in: far too large, far too fast, without pictures. Their names."""
    def at(name):
        return os.path.join(folder, name + ".mp4")
    small = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
    ffmpeg("-f", "lavfi", "-i", f"color=c=0x806020:s=7680x4320:r={RATE}", "-t", "1", *small, at("eight-k"))
    ffmpeg("-f", "lavfi", "-i", "color=c=0x806020:s=1280x720:r=240", "-t", "2", *small, at("fast"))
    ffmpeg("-f", "lavfi", "-i", "sine=frequency=440", "-t", "2", "-c:a", "aac", at("sound-alone"))
    return ["eight-k", "fast", "sound-alone"]
