# SPDX-License-Identifier: Apache-2.0
"""The demo's programme: a short film and three pictures made here, taken in like any clinic's, signed, loaded and
approved."""
import json
import subprocess
from datetime import datetime, timedelta, timezone

JAPAN = timezone(timedelta(hours=9))
DAYS = 7
SECONDS = 6
# item: kind, title, title in English, two lines on the picture, two colours
ITEMS = {
    "handwash": ("provided", "手を洗いましょう", "Wash your hands", "手を洗いましょう", "石けんで 20秒、指のあいだまで", "#0B5563-#4FA3A5"),
    "welcome": ("introduction", "当院のご紹介", "About our clinic", "みなと内科・小児科", "お困りのことは 受付へ お声がけください",
                "#2E4A7D-#86A8D8"),
    "flu": ("own", "予防接種のご案内", "Vaccinations", "インフルエンザ 予防接種", "ご予約は 受付で うけたまわります", "#7A3B2E-#D89868"),
    "soap": ("ad", "みなと薬局", "Minato Pharmacy", "みなと薬局", "処方せんは となりの建物 1階へ", "#3C5A2A-#8CB468"),
}
FILM = "handwash"


def draw(path, item):
    """A picture of the house's size with the item's two lines."""
    _, _, _, title, line, colours = item
    font = subprocess.run(["fc-match", "-f", "%{file}", "BIZ UDGothic:bold"], capture_output=True, text=True,
                          check=True).stdout
    subprocess.run(["convert", "-size", "1280x720", "-define", "gradient:angle=115", f"gradient:{colours}", "-font", font,
                    "-fill", "white", "-gravity", "center", "-pointsize", "96", "-annotate", "+0-60", title, "-pointsize",
                    "48", "-annotate", "+0+70", line, str(path)], check=True)


def make(path, item):
    picture = path.with_suffix(".png")
    draw(picture, item)
    if path.suffix == ".png":
        return
    part = path.with_suffix(".part.mp4")
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", "-framerate", "30", "-i", str(picture), "-t", str(SECONDS),
                    "-vf", f"loop=-1:1,format=yuv420p,fade=in:0:30:color=#0B5563,fade=out:{SECONDS * 30 - 30}:30:color=#0B5563",
                    "-c:v", "libx264", "-preset", "ultrafast", "-movflags", "+faststart", str(part)], check=True)
    picture.unlink()
    part.rename(path)


def programme(hashes, now):
    days = [(now + timedelta(days=d)).strftime("%Y-%m-%d") for d in (0, DAYS - 1)]
    right = [{"from": days[0], "to": days[1]}]
    rows = []
    for item, (kind, title, title_en, *_) in ITEMS.items():
        row = {"id": item, "kind": kind, "title": title, "title_en": title_en, "sha256": hashes[item], "seconds": SECONDS}
        if kind in ("provided", "ad"):
            row["rights"] = right
        if kind == "ad":
            row["sponsor"] = "みなと薬局"
        rows.append(row)
    return {"format": 1, "facility": "minato", "programme": f"demo-{days[0]}", "version": 1,
            "period": {"from": days[0], "to": days[1]},
            "deadline": (now + timedelta(hours=1)).isoformat(timespec="seconds"), "items": rows,
            "slots": [{"id": "day", "from": "00:00", "to": "24:00", "items": ["handwash", "welcome", "flu"],
                       "ad_share": 10, "ads": ["soap"]}]}


def in_force(machiai):
    today = datetime.now(JAPAN).strftime("%Y-%m-%d")
    rows = json.loads(machiai("programme").stdout or "{}").get("programmes", [])
    return any(row["from"] <= today <= row["to"] and row["state"] == "approved" for row in rows)


def prepare(machiai, folder, say):
    """`machiai(*words)` runs the command line on the demo's station. Nothing is done twice."""
    if in_force(machiai):
        return
    say("making a film and three pictures for the programme ...")
    folder.mkdir(parents=True, exist_ok=True)
    hashes, now = {}, datetime.now(JAPAN)
    for item, told in ITEMS.items():
        path = folder / (item + (".mp4" if item == FILM else ".png"))
        if not path.exists():
            make(path, told)
        until = ["--until", (now + timedelta(days=DAYS)).strftime("%Y-%m-%d")] if told[0] in ("provided", "ad") else []
        taken = machiai("media", "add", path, "--kind", told[0], "--title", told[1], "--seconds", SECONDS, *until)
        if taken.returncode != 0:
            return say(f"no programme: {taken.stderr.strip()}")
        hashes[item] = json.loads(taken.stdout)["sha256"]
    document = folder / "programme.json"
    document.write_text(json.dumps(programme(hashes, now), ensure_ascii=False), encoding="utf-8")
    machiai("programme", "keygen")
    for step in (("sign", document), ("load", document), ("approve", "--by", "demo")):
        done = machiai("programme", *step)
        if done.returncode != 0:
            return say(f"no programme: {done.stderr.strip()}")
