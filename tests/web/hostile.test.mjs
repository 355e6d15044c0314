// SPDX-License-Identifier: Apache-2.0
// Whatever the server, the clinic or a patient writes stays text: no element, no script, no address of it.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { site } from "./kit.mjs";
import { makeTicket, shut } from "./standin.mjs";

const it = site();
const evil = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>{{7*7}}${7*7}";
const poison = (value) => (Array.isArray(value) ? value.map(poison)
  : value !== null && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, poison(each)]))
    : typeof value === "string" && value !== "" ? value + evil : value);

async function harmless() {
  await it.page.waitForTimeout(50); // long enough for a handler of a broken picture, which must not be there, to run
  const found = await it.page.evaluate(() => ({
    foreign: document.querySelectorAll("main img, main script, main iframe, [onerror]").length,
    links: [...document.querySelectorAll("a[href]")].map((each) => each.getAttribute("href")).filter((each) => !/^(#main|#[a-z]+-\d+(-year)?|\/[ft]\/|tel:\+?\d+$)/.test(each)),
    title: document.title,
  }));
  assert.equal(found.foreign, 0);
  assert.deepEqual(found.links, []);
  assert.notEqual(found.title, "owned");
}

describe("hostile texts stay texts", () => {
  for (const lang of ["ja", "easy", "en"]) {
    test(`of a clinic's page (${lang})`, async () => {
      const { facility } = it.day;
      for (const key of ["name", "address", "phone"]) facility[key] = poison(facility[key]);
      for (const each of facility.services) Object.assign(each, { name: poison(each.name), kinds: [...each.kinds, evil] });
      facility.services[0].booking = { ...shut("booking_full"), reason: "new_reason", message: evil };
      facility.messages[1].text = evil;
      facility.messages.push({ id: evil, pattern: evil, text: evil, minutes: 5, until: null }, { id: "p", pattern: "__proto__", text: evil, minutes: 0, until: null },
        { id: "q", pattern: "constructor", text: evil, minutes: 0, until: null });
      Object.assign(it.day.status.naika, { calling: evil });
      await it.facility(`?lang=${lang}`);
      await it.page.waitForSelector(".line .stone");
      assert.match(await it.text("main"), /<img src=x onerror=/);
      await harmless();
      await it.facility(`?lang=${lang}&book=shouni`);
      await it.page.waitForSelector(".person");
      await harmless();
    });

    test(`of the provider's announcements and of why the service is stopped (${lang})`, async () => {
      const { facility } = it.day;
      const span = { words: evil, from: "2026-11-27T22:00:00.000+09:00", until: "2026-11-28T05:00:00.000+09:00" };
      facility.announcements = [{ reason: "maintenance_ahead", ...span }, { reason: "suspension_ahead", ...span, until: null }];
      await it.facility(`?lang=${lang}`);
      await it.page.waitForSelector(".note.ahead");
      const said = await it.page.locator(".note.ahead").allInnerTexts();
      assert.equal(said.length, 2);
      for (const each of said) assert.ok(each.includes(evil), each);
      await harmless();
      Object.assign(facility, { state: "suspended", state_message: evil, announcements: [] });
      for (const each of facility.services) each.booking = { ...shut("suspended"), message: evil };
      await it.facility(`?lang=${lang}`);
      await it.page.waitForSelector(".note.state");
      // The provider's words are Japanese; who reads another language is told in that one.
      assert.equal((await it.text(".note.state")).includes("<img src=x onerror="), lang !== "en");
      await harmless();
    });

    test(`of a number's page (${lang})`, async () => {
      const ticket = makeTicket(it.day, { state: "called", room: { id: "r", name: { ja: evil, en: evil, reading: evil } }, number: evil });
      Object.assign(ticket, { facility: poison({ ...ticket.facility, id: "minato" }), service: poison(ticket.service) });
      await it.ticket(ticket.token, `?lang=${lang}`);
      await harmless();
      Object.assign(ticket, { state: "waiting", reasons: [{ reason: "toString", message: evil }, { reason: evil, message: evil }],
        family: [{ token: evil, number: evil, state: "waiting" }] });
      it.server.push();
      await it.page.waitForSelector(".family");
      assert.match(await it.text(".reasons"), /<img src=x/);
      await harmless();
    });
  }

  test("of a refusal, and of what a patient types", async () => {
    await it.facility("?lang=ja&book=naika");
    const person = it.page.locator("fieldset.person");
    await person.locator("input[type=radio]").nth(1).check();
    await person.locator("input[id^=name-]").fill("<b onclick=x>名");
    await person.locator("input[id^=phone-]").fill("00-0000-0000");
    await it.page.locator(".sticky .main").click();
    await it.page.waitForSelector("dl.check");
    it.day.refuse = { status: 409, reason: "new_reason", more: { message: evil } };
    await it.page.locator(".sticky .main").click();
    await it.page.waitForSelector(".came .wrong");
    assert.match(await it.text("dl.check"), /<b onclick=x>名/);
    assert.match(await it.text(".came"), /<img src=x/);
    await harmless();
  });

  test("of the address", async () => {
    for (const path of ["/f/%3Cimg%20src=x%20onerror=1%3E", "/t/%22%3E%3Cscript%3E", "/f/..%2f..%2fv1", "/f/minato?book=%3Cscript%3E&lang=%3Cb%3E", "/f/minato#%3Cimg%20src=x%20onerror=1%3E-20261126-7", "/t/%E0%A4%A"]) {
      await it.page.goto(it.server.base + path);
      await it.page.waitForSelector("main h1");
      await harmless();
    }
    const asked = it.day.requests.filter((each) => each.includes("/v1/"));
    assert.ok(asked.every((each) => /^GET \/v1\/(facilities\/[^/]+(\/status|\/numbers\/[^/]+)?|tickets\/[^/]+|live\?)/.test(each)), asked.join("\n"));
  });

  test("answers that are not the server's are no answers", async () => {
    await it.page.route("**/v1/facilities/**", (route) => route.fulfill({ status: 200, contentType: "text/html", body: "<h1>Log in to the hotel</h1>" }));
    try {
      await it.page.goto(`${it.server.base}/f/minato?lang=ja`);
      await it.page.waitForSelector(".lost");
      assert.match(await it.text(".lost"), /読みこめません/);
    } finally {
      await it.page.unroute("**/v1/facilities/**");
    }
    await it.page.locator(".lost .button").click();
    await it.page.waitForSelector(".line");
  });
});
