// SPDX-License-Identifier: Apache-2.0
// Pages for pictures: a stored view, the touches that lead there, and answers as the hub would give them.
#include "desk/window.hpp"

namespace machiai::desk {

namespace json = boost::json;

namespace {

class Maker {
public:
  Maker(const queue::DeskView& view, std::int64_t hub_ms) : hub_ms_(hub_ms), sample_{view, {}, {}} {
    // A picture is of the seat that acted last.
    if (!view.undo.empty()) glass().seat = view.undo.front().seat;
    glass() = settled(view, glass());
  }
  void touch(const std::string& name) { glass() = touched(&sample_.view, true, glass(), name).glass; }
  void row(std::string_view state) {
    for (const auto& ticket : sample_.view.tickets)
      if (ticket.state == state && line_of(ticket) == glass().service) return touch("row-" + ticket.ticket);
  }
  /// The hub's answer to what the panel asks.
  void tell(const char* answer) {
    Step step = inquire(&sample_.view, true, glass(), hub_ms_, 0);
    glass() = std::move(step.glass);
    if (step.order) glass() = answered(glass(), *step.order, json::parse(answer).as_object(), 0);
  }
  void refuse(const std::string& reason) {
    const std::string ticket = sample_.view.tickets.empty() ? "" : sample_.view.tickets.front().ticket;
    glass().notice = {reason, ticket, notice_ms};
  }
  void well() { glass().found.staff.known = glass().found.staff.answered = true; }
  Glass& glass() { return sample_.glass; }
  queue::DeskView& view() { return sample_.view; }
  std::optional<wire::Playbill>& bill() { return sample_.bill; }
  Sample take() { return std::move(sample_); }
  [[nodiscard]] std::int64_t now() const { return hub_ms_; }

private:
  std::int64_t hub_ms_;
  Sample sample_;
};

constexpr const char* why_answer =
    R"({"ticket":"x","number":"22","state":"waiting","ahead":3,"reason":"test","events":[
 {"seq":1,"at":"2026-11-24T09:41:07.000+09:00","event":"taken","actor":"kiosk","seat":"kiosk-1"},
 {"seq":2,"at":"2026-11-24T10:02:31.000+09:00","event":"called","actor":"desk","seat":"desk-1","room":"2"},
 {"seq":3,"at":"2026-11-24T10:03:31.000+09:00","event":"entered","actor":"system","seat":"machiaid"},
 {"seq":4,"at":"2026-11-24T10:09:50.000+09:00","event":"held","actor":"room","seat":"room-a1","reason":"testing"},
 {"seq":5,"at":"2026-11-24T10:26:02.000+09:00","event":"moved","actor":"desk","seat":"desk-1","reason":"test"},
 {"seq":6,"at":"2026-11-24T10:26:40.000+09:00","event":"reprinted","actor":"desk","seat":"desk-1"}]})";
constexpr const char* order_answer = R"({"ticket":"26","other":"22","steps":[
 {"seq":1,"at":"2026-11-24T09:41:07.000+09:00","event":"taken","actor":"kiosk","seat":"kiosk-1","ticket":"22","first":"","turned":false},
 {"seq":2,"at":"2026-11-24T09:58:12.000+09:00","event":"taken","actor":"kiosk","seat":"kiosk-1","ticket":"26","first":"22","turned":true},
 {"seq":4,"at":"2026-11-24T10:09:50.000+09:00","event":"held","actor":"room","seat":"room-a1","ticket":"22","first":"22","turned":false},
 {"seq":5,"at":"2026-11-24T10:20:02.000+09:00","event":"moved","actor":"desk","seat":"desk-1","ticket":"26","reason":"booking","first":"26","turned":true}]})";
constexpr const char* counts_answer =
    R"({"days":[{"date":"2026-11-24","services":[{"taken":40}],"wait":{"n":31,"median":26.4}}],"total":{
 "services":[{"service":"shinsatsu","taken":40,"done":29,"cancelled":1,"no_show":0,"absences":4,"wait":{"n":31,"median":26.4,"ninth_of_ten":48.2}}],
 "rooms":[{"room":"1","visits":18,"minutes":112.5},{"room":"2","visits":13,"minutes":96.1}],
 "arrivals":[0,0,0,0,0,0,0,0,7,16,12,5,0,0,0,0,0,0,0,0,0,0,0,0],"printed":38,"print_failed":2,"reprinted":3}})";
constexpr const char* replay_answer = R"({"date":"2026-11-24","at":"","events":61,
 "next":"2026-11-24T10:20:44.100+09:00","services":[{"service":"shinsatsu","open":true,"waiting":6,"tickets":[
 {"ticket":"s-21","number":"21","state":"in_room"},{"ticket":"s-22","number":"22","state":"called"},
 {"ticket":"s-26","number":"26","state":"waiting"},{"ticket":"s-23","number":"23","state":"waiting"},
 {"ticket":"s-24","number":"24","state":"waiting"},{"ticket":"s-25","number":"25","state":"waiting"},
 {"ticket":"s-27","number":"27","state":"waiting"},{"ticket":"s-28","number":"28","state":"waiting"},
 {"ticket":"s-20","number":"20","state":"absent"},{"ticket":"s-18","number":"18","state":"hold"},
 {"ticket":"s-16","number":"16","state":"done"},{"ticket":"s-17","number":"17","state":"done"},
 {"ticket":"s-19","number":"19","state":"cancelled"}]}],"before":[
 {"seq":61,"at":"2026-11-24T10:20:02.000+09:00","event":"moved","actor":"desk","seat":"desk-1","ticket":"26",
  "reason":"booking"}]})";
constexpr const char* no_day_answer =
    R"({"date":"2026-11-24","at":"","events":0,"next":"","services":[{"service":"shinsatsu","tickets":[]}],"before":[]})";
constexpr const char* access_answer = R"({"entries":[
 {"at":"2026-11-24T08:21:10.000+09:00","person":"suzuki","seat":"desk-1","what":"pin_wrong","about":""},
 {"at":"2026-11-24T08:21:31.000+09:00","person":"suzuki","seat":"desk-1","what":"login","about":""},
 {"at":"2026-11-24T09:44:02.000+09:00","person":"suzuki","seat":"desk-1","what":"why","about":"shinsatsu-20261124-22"},
 {"at":"2026-11-24T10:02:31.000+09:00","person":"sato","seat":"desk-1","what":"statistics","about":"2026-11-23/2026-11-29"},
 {"at":"2026-11-24T10:03:00.000+09:00","person":"sato","seat":"desk-1","what":"access","about":"2026-11-24/2026-11-24"}]})";
constexpr const char* devices_answer = R"({"devices":[
 {"device":"room-a1","name":"診察室1のタブレット","role":"room","room":"1","paired":"2026-11-02T08:20:00.000+09:00","seen":"2026-11-24","connected":true},
 {"device":"room-b2","name":"診察室2のパソコン","role":"room","room":"2","paired":"2026-10-14T18:02:00.000+09:00","seen":"2026-11-20","connected":false}],
 "address":"https://192.168.1.20:8443","trouble":""})";
constexpr const char* people_answer =
    R"({"login":true,"people":[{"id":"sato","name":"佐藤"},{"id":"suzuki","name":"鈴木"},
 {"id":"tanaka","name":"田中"},{"id":"ito","name":"伊藤"}],"person":""})";

/// Of one who has an appointment in an hour and is not here yet.
void book(Maker& maker) {
  for (auto& ticket : maker.view().tickets) {
    if (ticket.state != "waiting") continue;
    ticket.state = "booked";
    ticket.origin = "web";
    ticket.taken = base::instant_from_ms(maker.now() + 3'480'000);
    ticket.slot = ticket.taken;
    return;
  }
}

bool ticket_page(Maker& maker, const QString& page) {
  if (page == "find" || page == "find-none") {
    maker.touch("find");
    for (const char* key : {"pad-2", "pad-5"}) maker.touch(key);
    if (page == "find-none") maker.touch("pad-0");
    return true;
  }
  if (page == "ticket-booked") {
    book(maker);
    maker.row("booked");
    maker.touch("more");
    return true;
  }
  if (page == "more" || page == "ticket") {
    if (page == "ticket") {
      maker.row("waiting");
      for (auto& ticket : maker.view().tickets)
        ticket.phoned = queue::PhoneNote{"no_answer", base::instant_from_ms(maker.now() - 240'000), 2};
    }
    maker.touch("more");
  } else if (page == "absent" || page == "hold" || page == "transfer" || page == "amend") {
    maker.row("waiting");
    maker.touch("more");
    maker.touch(page == "absent" ? "absent-how" : page == "hold" ? "hold-why" : page.toStdString());
  } else if (page == "history") {
    maker.row("waiting");
    for (const auto& ticket : maker.view().tickets)
      if (ticket.number == "22") maker.touch("row-" + ticket.ticket);
    maker.touch("more");
    maker.touch("history");
    maker.tell(why_answer);
  } else if (page == "compare" || page == "order") {
    maker.touch("compare");
    maker.row("waiting");
    if (page == "compare" || maker.view().tickets.empty()) return true;
    maker.touch("other-" + maker.view().tickets.back().ticket);
    maker.tell(order_answer);
  } else {
    return false;
  }
  return true;
}

bool counter_page(Maker& maker, const QString& page) {
  const std::string service = maker.view().services.empty() ? "" : maker.view().services.front().id;
  if (page == "session-undo" || page == "messages-undo") {
    const bool counter = page == "session-undo";
    queue::UndoView undo{92,
                         counter ? "counter_closed" : "message_taken",
                         "",
                         std::nullopt,
                         "",
                         "desk",
                         "desk-1",
                         base::instant_from_ms(maker.now() - 2'000),
                         base::instant_from_ms(maker.now() + 8'000)};
    if (counter) undo.service = service;
    maker.glass().seat = undo.seat;
    maker.view().undo = {undo};
    maker.touch(counter ? "session" : "messages");
  } else if (page == "recalled") {
    for (auto& undo : maker.view().undo) undo.what = "recalled";
  } else if (page == "receive-known" || page == "receive-booked") {
    if (!maker.view().tickets.empty()) {
      maker.view().tickets.back().card = "0012345";
      if (page == "receive-booked") maker.view().tickets.back().state = "booked";
    }
    maker.touch("receive");
    maker.glass().draft.card = "12345";
  } else if (page == "unopened") {
    for (auto& each : maker.view().services) {
      each.state = "before";
      each.closes_at = "12:00";
    }
    maker.view().tickets.clear();
  } else if (page == "session-today") {
    maker.view().exceptions = {{service, "cap", "60"}, {service, "hours", "8:30-11:00"}};
    maker.touch("session");
  } else if (page == "cap" || page == "hours") {
    maker.touch("session");
    maker.touch(page.toStdString() + "-of-" + service);
    maker.tell(R"({"service":"x","hours":"8:30-12:00,14:30-18:00","cap":0})");
    for (const char* key : {"pad-6", "pad-0"}) maker.touch(key);
  } else if (page == "messages") {
    maker.view().messages = {{1, "delay", "", 30, "12:00"},
                             {2, "free", "駐車場が 混みあっています", 0, "11:30"}};
    maker.touch("messages");
  } else if (page == "message" || page == "message-free") {
    maker.touch("messages");
    maker.touch(page == "message" ? "pattern-emergency" : "pattern-free");
    if (page == "message") maker.touch("minutes-20");
    maker.glass().words = page == "message" ? "" : "駐車場が 混みあっています";
  } else if (page == "notices") {
    maker.touch("programme");
    maker.touch("notices");
  } else if (page == "notice" || page == "notice-long") {
    maker.touch("notices");
    maker.touch("form-free");
    const std::string body = "いま 水が 出ません。お手洗いは 2階を ご利用ください。";
    maker.glass().inside.notice.texts = {
        {"title", "断水の お知らせ"}, {"body", page == "notice" ? body : body + body + body + body + body}};
  } else if (page == "notice-shown") {
    const base::Instant now = base::instant_from_ms(maker.now());
    maker.view().notice = queue::NoticeView{7, "free", "ja", {}, now, now + std::chrono::hours{1}};
    maker.touch("programme");
  } else if (page == "close-day") {
    maker.touch("session");
    maker.touch("close-day");
  } else {
    return false;
  }
  return true;
}

/// A month of days as the hub counts them.
std::string month_answer() {
  json::object answer = json::parse(counts_answer).as_object();
  json::array days;
  for (int day = 2; day <= 28; ++day)
    if (day % 7 != 1)
      days.push_back(
          {{"date", QString("2026-11-%1").arg(day, 2, 10, QChar('0')).toStdString()},
           {"services", json::array{json::object{{"taken", 30 + day * 17 % 29}, {"absences", day * 5 % 7}}}},
           {"printed", 29 + day * 17 % 29},
           {"print_failed", day % 11 == 0 ? 4 : 0},
           {"wait", json::object{{"n", 28}, {"median", 12.0 + day * 11 % 23}}}});
  answer["days"] = std::move(days);
  return json::serialize(answer);
}

bool records_page(Maker& maker, const QString& page) {
  if (page == "records-absences" || page == "records-slips") {
    maker.touch("records");
    maker.tell(counts_answer);
    maker.touch(page == "records-slips" ? "chart-slips" : "chart-absences");
    return true;
  }
  if (page == "records-month" || page == "records-waits" || page == "records-month-slips") {
    maker.touch("records");
    maker.touch("span-month");
    maker.tell(month_answer().c_str());
    if (page == "records-waits") maker.touch("chart-waits");
    if (page == "records-month-slips") maker.touch("chart-slips");
    return true;
  }
  if (page == "access") {
    Staff& staff = maker.glass().found.staff;
    staff.login = true;
    staff.person = "sato";
    staff.people = {{"sato", "佐藤"}, {"suzuki", "鈴木"}};
    maker.touch("records");
    maker.touch("tab-access");
    maker.tell(access_answer);
    return true;
  }
  if (page == "replay" || page == "replay-none") {
    maker.touch("records");
    maker.touch("replay");
    maker.tell(page == "replay" ? replay_answer : no_day_answer);
    return true;
  }
  if (page == "records" || page == "records-saved" || page == "forecast") {
    if (page == "forecast") maker.view().accuracy = {312, 14, 82, 6, 9};
    maker.touch("records");
    maker.tell(counts_answer);
    if (page == "forecast") maker.touch("tab-forecast");
    if (page == "records-saved")
      maker.glass().found.saved = "/home/uketsuke/Documents/machiai-2026-11-24.csv";
  } else if (page == "devices" || page == "revoke") {
    maker.touch("devices");
    maker.tell(devices_answer);
    if (page == "revoke") maker.touch("revoke-room-b2");
  } else if (page == "pair" || page == "pair-code") {
    maker.touch("devices");
    maker.tell(devices_answer);
    maker.touch("pair");
    if (page == "pair-code")
      maker.glass().found.pairing = {"042817", "https://192.168.1.20:8443", "診察室1のタブレット",
                                     "1",      maker.now() + 274'000,       "7F3A 91C2 0B5E D418 66A0"};
  } else {
    return false;
  }
  return true;
}

bool staff_page(Maker& maker, const QString& page) {
  if (page != "login" && page != "login-pin" && page != "login-lost" && page != "logged-in") return false;
  maker.glass().found.staff.known = false;
  maker.tell(people_answer);
  Staff& staff = maker.glass().found.staff;
  if (page == "logged-in") staff.person = "sato";
  if (page == "login-lost") {
    staff.lost = "call";
    staff.lost_number = "25";
  }
  if (page != "login-pin") return true;
  for (const char* key : {"person-sato", "pad-1", "pad-2", "pad-3"}) maker.touch(key);
  maker.glass().found.staff.refused = "pin_wrong";
  return true;
}

/// The first counter takes bookings, the second is full for them, a third has no window now.
void add_outside_sample(Maker& maker, const QString& page) {
  queue::DeskView& view = maker.view();
  if (page == "linked-session-three" && view.services.size() == 2) {
    queue::ServiceView third = view.services.back();
    third.id += "-3";
    third.name = {"健診", "Check-ups", "けんしん"};
    view.services.push_back(third);
    view.next.emplace_back();
  }
  const bool away = page == "linked-session-away";
  queue::AcceptanceView outside{"2026-11-24", base::instant_from_ms(maker.now() - 25 * 60'000), !away, {}};
  for (const auto& service : view.services) {
    queue::OutsideView& each = outside.services.emplace_back();
    each = {service.id, true, "", "", "", "11:30", {"6:00-11:30", "14:00-16:30"}, 60, 34, 12, 5, 5, ""};
    if (outside.services.size() == 2) {
      each = {
          service.id, false, "booking_full_remote", "6:00", "2026-11-25", "", {"6:00-11:30"}, 40, 35, 21, 5,
          2,          ""};
      view.exceptions.push_back({service.id, "walk_ins", away ? "6" : "5"});
    }
    if (outside.services.size() == 3)
      each = {service.id, false, "booking_not_open", "14:00", "", "", {"14:00-16:30"}, 0, 8, 3, 0, 0, "17:00",
              4,          3};
  }
  if (outside.services.size() == 3)
    view.exceptions.push_back({outside.services.back().service, "every", "4"});
  if (page == "linked-session-stopped")
    view.exceptions.push_back({view.services.front().id, "remote", "closed"});
  view.outside = std::move(outside);
  if (page == "linked-session-untold") view.outside.reset();
}

/// The contract is suspended; maintenance comes, and the end.
void add_contract_sample(Maker& maker) {
  const auto in = [&](int hours) { return base::instant_from_ms(maker.now() + hours * 3'600'000LL); };
  maker.view().standing = {{"contract_suspended", "機器の入れ替えのため", in(-2), in(26), true},
                           {"maintenance_ahead", "", in(12), in(16), false},
                           {"contract_ends", "", {}, in(400), false}};
}

/// With a cloud: two who booked from outside are on their way, one of them has come.
bool linked_page(Maker& maker, const QString& page) {
  if (!page.startsWith("linked")) return false;
  const bool away = page == "linked-away" || page == "linked-session-away";
  const auto since = base::instant_from_ms(maker.now() - 95 * 60'000);
  maker.view().link = {true, !away, away ? "cloud_away" : "", since};
  if (away) maker.view().troubles.push_back({"cloud", "warn", "cloud_away"});
  int web = 0;
  for (auto& ticket : maker.view().tickets) {
    if (ticket.state != "waiting" || ++web > 3) continue;
    ticket.origin = "web";
    if (web != 2) ticket.state = "booked";
  }
  if (page == "linked-row") maker.row("booked");
  if (page == "linked-more") {
    maker.row("booked");
    maker.touch("more");
  }
  if (page.startsWith("linked-session")) {
    add_outside_sample(maker, page);
    maker.touch("session");
  }
  if (page == "linked-contract") add_contract_sample(maker);
  if (page == "linked-away" || page == "linked-troubles" || page == "linked-contract")
    maker.touch("troubles");
  return true;
}

/// A film plays, a picture of the clinic's comes; one page for each thing that people can do about it.
bool programme_page(Maker& maker, const QString& page) {
  if (page != "programme" && page != "programme-owed" && page != "programme-paused") return false;
  const auto in = [&](int seconds) { return base::instant_from_ms(maker.now() + seconds * 1000LL); };
  wire::Playbill& bill = maker.bill().emplace();
  bill.now = {"teeth",   "provided", "planned",          in(-40),       in(80), "",
              "2026-11", 1,          "歯と歯ぐきを守る", "Healthy gums"};
  bill.next = {"closure",
               "notice",
               "planned",
               in(80),
               in(100),
               "",
               "2026-11",
               1,
               "年末年始のお休み",
               "Closed over the New Year"};
  bill.muted = page == "programme-paused";
  if (page == "programme-paused") {
    bill.paused = true;
    bill.now = bill.next = {"scene", "relaxation", "paused", in(-40), in(8 * 3600), "", "", 0, "", ""};
  }
  if (page == "programme-owed") {
    bill.waiting = "2026-12";
    bill.deadline = in(4 * 24 * 3600);
  }
  maker.touch("programme");
  return true;
}

bool plain_page(Maker& maker, const QString& page) {
  if (page.isEmpty() || page == "home" || page == "away") return true;
  if (page.startsWith("row-"))
    maker.row(page.mid(4).toStdString());
  else if (page == "move") {
    maker.row("waiting");
    maker.touch("move");
    maker.touch("reason-urgent");
  } else if (page == "receive" || page == "session" || page == "help" || page == "names" ||
             page == "troubles")
    maker.touch(page.toStdString());
  else if (page.startsWith("refused-"))
    maker.refuse(page.mid(8).toStdString());
  else
    return false;
  return true;
}

} // namespace

Screen screen_of(const Sample& sample, bool reachable, std::int64_t age_ms, std::int64_t hub_ms) {
  Screen screen = compose(&sample.view, sample.glass, reachable, age_ms, hub_ms, 0);
  if (sample.bill) screen.strip = with_notice(strip_of(*sample.bill, hub_ms), &sample.view, hub_ms);
  return screen;
}

std::optional<Sample> sample_page(const queue::DeskView& view, const QString& page, std::int64_t hub_ms) {
  Maker maker(view, hub_ms);
  maker.well();
  for (const auto make :
       {plain_page, ticket_page, counter_page, records_page, staff_page, linked_page, programme_page})
    if (make(maker, page)) return maker.take();
  return std::nullopt;
}

} // namespace machiai::desk
