// SPDX-License-Identifier: Apache-2.0
#include "app/daemon/staff.hpp"

#include "core/base/text.hpp"
#include "core/store/pairing.hpp"
#include "core/wire/commands.hpp"

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>

namespace machiai::daemon {

namespace json = boost::json;
using base::Error;
using base::fail;

namespace {

constexpr std::size_t longest_person = 40;
constexpr std::size_t most_logins = 256;
constexpr std::size_t most_entries = 5000;
/// What a desk may ask before anybody has logged in.
constexpr std::array open_to_all{"staff", "login", "logout", "board", "report", "status"};
/// Reading of what was written down about people: goes into the access log with what it was about.
constexpr std::array readings{"why", "order", "replay", "statistics", "prints"};

template <class List> bool holds(const List& list, std::string_view cmd) {
  return std::find(list.begin(), list.end(), cmd) != list.end();
}

std::string argument(const json::object& args, const char* name) {
  const auto text = wire::text_argument(args, name);
  return text ? *text : std::string{};
}

/// What a reading was about: the ticket, or the dates.
std::string subject_of(const json::object& args) {
  std::string about = argument(args, "ticket");
  if (about.empty()) about = argument(args, "date");
  if (about.empty() && args.contains("from")) about = argument(args, "from") + "/" + argument(args, "to");
  return base::check_text(about, 80) ? about : std::string{};
}

} // namespace

base::Status Staff::load() {
  auto people = store::load_staff(home_);
  MACHIAI_TRY(people);
  people_ = std::move(*people);
  // Lost or unreadable log-ins only cost a PIN.
  const auto text = store::read_file(home_.logins());
  boost::system::error_code bad;
  const json::value parsed = text ? json::parse(*text, bad) : json::value{};
  const json::object* rows = bad ? nullptr : parsed.if_object();
  if (rows == nullptr) return {};
  for (const auto& row : *rows) {
    const json::object* login = row.value().if_object();
    if (login == nullptr) continue;
    const auto day = base::parse_iso_date(argument(*login, "day"));
    if (day && find(argument(*login, "person")) != nullptr)
      logins_[std::string(row.key())] = {argument(*login, "person"), *day};
  }
  return {};
}

const store::Person* Staff::find(std::string_view id) const {
  const auto found =
      std::find_if(people_.begin(), people_.end(), [&](const store::Person& p) { return p.id == id; });
  return found == people_.end() ? nullptr : &*found;
}

std::string Staff::at(const hub::Caller& caller) const {
  const auto here = present_.find(caller.place());
  return here == present_.end() ? std::string{} : here->second;
}

void Staff::seat_left(const hub::Caller& caller) {
  present_.erase(caller.place());
  inner_.seat_left(caller);
}

void Staff::handle(const hub::Caller& caller, hub::Request request, hub::Respond respond) {
  const std::string person = at(caller);
  const bool must = caller.role == "desk" && !people_.empty();
  if (must && person.empty() && !holds(open_to_all, request.cmd))
    return respond(hub::refusal(caller, {Error::Code::forbidden, "login_needed", {}}));
  if (own(caller, request, respond)) return;
  if (must && holds(readings, request.cmd)) note(caller, person, request.cmd, subject_of(request.args));
  if (person.empty()) return inner_.handle(caller, std::move(request), std::move(respond));
  hub::Caller known = caller;
  known.person = person;
  inner_.handle(known, std::move(request), std::move(respond));
}

bool Staff::own(const hub::Caller& caller, const hub::Request& request, const hub::Respond& respond) {
  const bool administers =
      request.cmd == "staff_add" || request.cmd == "staff_pin" || request.cmd == "staff_remove";
  if (administers && caller.role != "cli") {
    respond(hub::refusal(caller, {Error::Code::forbidden, "forbidden", {}}));
  } else if (request.cmd == "staff") {
    respond({{"ok", list(caller)}});
  } else if (request.cmd == "login") {
    login(caller, request, respond);
  } else if (request.cmd == "logout") {
    logout(caller, respond);
  } else if (request.cmd == "staff_add" || request.cmd == "staff_pin") {
    put(caller, request, respond);
  } else if (request.cmd == "staff_remove") {
    remove(caller, request, respond);
  } else if (request.cmd == "access") {
    access(caller, request, respond);
  } else {
    return false;
  }
  return true;
}

json::object Staff::list(const hub::Caller& caller) const {
  json::array people;
  for (const store::Person& person : people_) people.push_back({{"id", person.id}, {"name", person.name}});
  return {{"login", !people_.empty()}, {"people", std::move(people)}, {"person", at(caller)}};
}

void Staff::login(const hub::Caller& caller, const hub::Request& request, const hub::Respond& respond) {
  if (const std::string pass = argument(request.args, "pass"); !pass.empty())
    return resume(caller, pass, respond);
  const std::string id = argument(request.args, "person");
  const std::string pin = argument(request.args, "pin");
  const store::Person* person = find(id);
  if (person == nullptr) return respond(hub::refusal(caller, {Error::Code::not_found, "unknown_person", {}}));
  if (const auto rest = locks_.rest(id, std::chrono::steady_clock::now()); rest.count() > 0) {
    json::object body = wire::error_to_json({Error::Code::limit, "pin_locked", {}}, caller.lang);
    body["seconds"] = rest.count();
    return respond({{"error", std::move(body)}});
  }
  const auto busy = [&] { respond(hub::refusal(caller, {Error::Code::limit, "overloaded", {}})); };
  if (!checking_.insert(id).second) return busy();
  const bool taken = worker_.post([this, caller, id, respond, hash = person->pin, pin] {
    const bool right = store::is_pin(pin) && store::pin_matches(hash, pin);
    boost::asio::post(loop_, [this, caller, id, right, respond] { checked(caller, id, right, respond); });
  });
  if (taken) return;
  checking_.erase(id);
  busy();
}

void Staff::checked(const hub::Caller& caller, const std::string& id, bool right,
                    const hub::Respond& respond) {
  checking_.erase(id);
  const store::Person* person = find(id);
  if (person == nullptr || !right) {
    locks_.wrong(id, std::chrono::steady_clock::now());
    note(caller, id, "pin_wrong");
    return respond(hub::refusal(caller, {Error::Code::forbidden, "pin_wrong", {}}));
  }
  locks_.right(id);
  note(caller, id, "login");
  const base::Date today = base::civil_date(clock_.now());
  std::erase_if(logins_, [&](const auto& each) { return each.second.day != today; });
  if (logins_.size() >= most_logins) logins_.erase(logins_.begin());
  const std::string pass = store::new_secret();
  logins_[store::secret_digest(pass)] = {id, today};
  present_[caller.place()] = id;
  // The pass is told when it will be known again after a crash; unkept it only costs a PIN.
  save_logins([respond, answer = json::object{{"person", id}, {"name", person->name}, {"pass", pass}}] {
    respond({{"ok", answer}});
  });
}

/// A pass is 256 random bits, so that guessing needs no lock.
void Staff::resume(const hub::Caller& caller, const std::string& pass, const hub::Respond& respond) {
  const auto login = logins_.find(store::secret_digest(pass));
  const store::Person* person = login == logins_.end() ? nullptr : find(login->second.person);
  if (person == nullptr || login->second.day != base::civil_date(clock_.now()))
    return respond(hub::refusal(caller, {Error::Code::forbidden, "login_needed", {}}));
  present_[caller.place()] = person->id;
  respond({{"ok", json::object{{"person", person->id}, {"name", person->name}, {"pass", pass}}}});
}

void Staff::logout(const hub::Caller& caller, const hub::Respond& respond) {
  const std::string person = at(caller);
  if (!person.empty()) note(caller, person, "logout");
  present_.erase(caller.place());
  respond({{"ok", json::object{{"person", ""}}}});
}

void Staff::put(const hub::Caller& caller, const hub::Request& request, const hub::Respond& respond) {
  const auto refuse = [&](Error::Code code, const char* reason) {
    respond(hub::refusal(caller, {code, reason, {}}));
  };
  store::Person person{argument(request.args, "person"), argument(request.args, "name"), {}};
  const std::string pin = argument(request.args, "pin");
  const store::Person* old = find(person.id);
  const bool adds = request.cmd == "staff_add";
  // Nor a role's name: the ledger could not tell them apart.
  if (!base::is_plain_id(person.id, 24) || person.id == "system" || hub::may_send(person.id, "status"))
    return refuse(Error::Code::invalid, "bad_person");
  if (adds && old != nullptr) return refuse(Error::Code::conflict, "person_exists");
  if (!adds && old == nullptr) return refuse(Error::Code::not_found, "unknown_person");
  if (adds && people_.size() >= store::most_people) return refuse(Error::Code::limit, "too_many_people");
  if (person.name.empty()) person.name = old != nullptr ? old->name : person.id;
  if (const auto text = base::check_text(person.name, longest_person); !text)
    return respond(hub::refusal(caller, text.error()));
  if (!store::is_pin(pin)) return refuse(Error::Code::invalid, "bad_pin");
  const bool taken = worker_.post([this, caller, person, pin, respond]() mutable {
    auto hash = store::pin_hash(pin);
    boost::asio::post(loop_, [this, caller, person, respond, hash = std::move(hash)]() mutable {
      if (!hash) return respond(hub::refusal(caller, hash.error()));
      person.pin = std::move(*hash);
      keep(caller, std::move(person), respond);
    });
  });
  if (!taken) refuse(Error::Code::limit, "overloaded");
}

void Staff::keep(const hub::Caller& caller, store::Person person, const hub::Respond& respond) {
  std::vector<store::Person> people = people_;
  std::erase_if(people, [&](const store::Person& p) { return p.id == person.id; });
  people.push_back(person);
  save(people, [this, caller, person, respond](const base::Status& saved) {
    if (!saved) return respond(hub::refusal(caller, saved.error()));
    forget(person.id); // with a new PIN the old log-ins end
    note(caller, "", "staff_changed", person.id);
    respond({{"ok", json::object{{"person", person.id}, {"name", person.name}}}});
  });
}

void Staff::remove(const hub::Caller& caller, const hub::Request& request, const hub::Respond& respond) {
  const store::Person* person = find(argument(request.args, "person"));
  if (person == nullptr) return respond(hub::refusal(caller, {Error::Code::not_found, "unknown_person", {}}));
  std::vector<store::Person> people = people_;
  std::erase_if(people, [&](const store::Person& p) { return p.id == person->id; });
  save(people, [this, caller, gone = *person, respond](const base::Status& saved) {
    if (!saved) return respond(hub::refusal(caller, saved.error()));
    forget(gone.id);
    note(caller, "", "staff_removed", gone.id);
    respond({{"ok", json::object{{"person", gone.id}, {"name", gone.name}}}});
  });
}

/// In force when it is on the disk, and not before.
void Staff::save(const std::vector<store::Person>& people, const Saved& saved) {
  if (saving_) return saved(fail(Error::Code::limit, "overloaded"));
  saving_ = worker_.post([this, people, saved] {
    auto status = store::write_durable_file(home_.staff(), store::staff_text(people));
    boost::asio::post(loop_, [this, people, saved, status = std::move(status)] {
      saving_ = false;
      if (status) people_ = people;
      saved(status);
    });
  });
  if (!saving_) saved(fail(Error::Code::limit, "overloaded"));
}

void Staff::forget(const std::string& person) {
  std::erase_if(logins_, [&](const auto& each) { return each.second.person == person; });
  std::erase_if(present_, [&](const auto& each) { return each.second == person; });
  save_logins([] {});
}

void Staff::save_logins(const std::function<void()>& then) {
  json::object rows;
  for (const auto& [pass, login] : logins_)
    rows[pass] = {{"person", login.person}, {"day", base::iso_date(login.day)}};
  const bool taken = worker_.post([this, then, text = json::serialize(rows)] {
    if (const auto saved = store::write_file(home_.logins(), text, true); !saved)
      spdlog::warn("log-ins not kept ({})", saved.error().reason);
    boost::asio::post(loop_, then);
  });
  if (taken) return;
  spdlog::warn("log-ins not kept (overloaded)");
  then();
}

void Staff::note(const hub::Caller& caller, std::string person, std::string what, std::string about) {
  const store::AccessEntry entry{clock_.now(), std::move(person), caller.seat, std::move(what),
                                 std::move(about)};
  const bool taken = worker_.post([this, entry] {
    if (const auto noted = store::note_access(home_, entry); !noted)
      spdlog::error("access log: {} not noted ({})", entry.what, noted.error().reason);
  });
  if (!taken) spdlog::error("access log: {} not noted (overloaded)", entry.what);
}

void Staff::access(const hub::Caller& caller, const hub::Request& request, const hub::Respond& respond) {
  const base::Date today = base::civil_date(clock_.now());
  const std::string first = argument(request.args, "from");
  const std::string last = argument(request.args, "to");
  const auto from = first.empty() ? today : base::parse_iso_date(first);
  const auto to = last.empty() ? std::max(today, from.value_or(today)) : base::parse_iso_date(last);
  if (!from || !to || *to < *from || to->days - from->days > 366)
    return respond(hub::refusal(caller, {Error::Code::invalid, "bad_date", {}}));
  note(caller, at(caller), "access", base::iso_date(*from) + "/" + base::iso_date(*to));
  const bool taken = worker_.post([this, caller, respond, from = *from, to = *to] {
    auto entries = store::read_access(home_, from, to, most_entries);
    boost::asio::post(loop_, [caller, respond, entries = std::move(entries)] {
      if (!entries) return respond(hub::refusal(caller, entries.error()));
      json::array rows;
      for (const store::AccessEntry& each : *entries)
        rows.push_back({{"at", base::iso_instant(each.at)},
                        {"person", each.person},
                        {"seat", each.seat},
                        {"what", each.what},
                        {"about", each.about}});
      respond({{"ok", json::object{{"entries", std::move(rows)}}}});
    });
  });
  if (!taken) respond(hub::refusal(caller, {Error::Code::limit, "overloaded", {}}));
}

} // namespace machiai::daemon
