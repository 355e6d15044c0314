// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { cutAfter, goneAfter, ServerClock, trust } from "../src/age";

const now = Date.parse("2026-11-26T09:15:00+09:00");
const aged = (age: number, stale = false) => ({ as_of: new Date(now - age).toISOString(), stale });

describe("what is shown is trusted", () => {
  it("while the clinic and the server are heard", () => expect(trust(aged(30_000), now, 1_000)).toBe("fresh"));
  it("no longer once the server says so", () => expect(trust(aged(95_000, true), now, 0)).toBe("stale"));
  it("not at all after ten minutes, whatever the flag says", () => {
    expect(trust(aged(goneAfter), now, 0)).toBe("fresh");
    expect(trust(aged(goneAfter + 1), now, 0)).toBe("gone");
  });
  it("never when the clinic has not spoken", () => expect(trust({ as_of: null, stale: true }, now, 0)).toBe("never"));
  it("not when this phone hears nothing, however fresh it was", () => {
    expect(trust(aged(0), now, cutAfter)).toBe("fresh");
    expect(trust(aged(0), now, cutAfter + 1)).toBe("cut");
  });
});

describe("the server's clock", () => {
  it("does not depend on the phone's", () => {
    let steady = 1_000;
    const clock = new ServerClock(() => steady, 0);
    clock.hear("Thu, 26 Nov 2026 00:15:00 GMT");
    steady += 5_000;
    expect(clock.now()).toBe(now + 5_000);
    expect(clock.silence()).toBe(5_000);
  });
  it("goes on over a word without a time, or with a wrong one", () => {
    let steady = 0;
    const clock = new ServerClock(() => steady, now);
    steady = 10_000;
    clock.hear(null);
    clock.hear("soon");
    expect(clock.now()).toBe(now + 10_000);
    expect(clock.silence()).toBe(0);
  });
});
