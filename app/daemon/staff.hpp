// SPDX-License-Identifier: Apache-2.0
// Who is at the desk: log-in per person with a PIN, the name that goes with each action, and the access log.
// As long as no person is entered nobody has to log in, and everything goes through as it came.
#pragma once

#include "app/daemon/writer.hpp"
#include "core/store/staff.hpp"
#include "hub/server.hpp"

#include <boost/asio/io_context.hpp>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace machiai::daemon {

class Staff final : public hub::Backend {
public:
  Staff(boost::asio::io_context& loop, const base::Clock& clock, hub::Backend& inner, store::Home home)
      : loop_(loop), clock_(clock), inner_(inner), home_(std::move(home)) {}

  /// Reads the people and who was logged in. A file that cannot be read is an error (storage "bad_staff"):
  /// going on without it would let everybody in.
  [[nodiscard]] base::Status load();

  void handle(const hub::Caller& caller, hub::Request request, hub::Respond respond) override;
  boost::json::object view(const std::string& name) override { return inner_.view(name); }
  void seat_came(const hub::Caller& caller) override { inner_.seat_came(caller); }
  void seat_left(const hub::Caller& caller) override;

private:
  /// A seat that comes back shows its pass instead of a PIN, until the day ends.
  struct Login {
    std::string person;
    base::Date day{};
  };
  using Saved = std::function<void(const base::Status&)>;

  bool own(const hub::Caller& caller, const hub::Request& request, const hub::Respond& respond);
  void login(const hub::Caller& caller, const hub::Request& request, const hub::Respond& respond);
  void resume(const hub::Caller& caller, const std::string& pass, const hub::Respond& respond);
  void checked(const hub::Caller& caller, const std::string& person, bool right, const hub::Respond& respond);
  void logout(const hub::Caller& caller, const hub::Respond& respond);
  /// `staff_add`, `staff_pin`: hashes the PIN beside the loop, then keeps the person.
  void put(const hub::Caller& caller, const hub::Request& request, const hub::Respond& respond);
  void keep(const hub::Caller& caller, store::Person person, const hub::Respond& respond);
  void remove(const hub::Caller& caller, const hub::Request& request, const hub::Respond& respond);
  void access(const hub::Caller& caller, const hub::Request& request, const hub::Respond& respond);
  [[nodiscard]] boost::json::object list(const hub::Caller& caller) const;
  [[nodiscard]] const store::Person* find(std::string_view id) const;
  [[nodiscard]] std::string at(const hub::Caller& caller) const;
  void note(const hub::Caller& caller, std::string person, std::string what, std::string about = {});
  void save(const std::vector<store::Person>& people, const Saved& saved);
  /// `then` is called when they are on the disk, or could not be brought there.
  void save_logins(const std::function<void()>& then);
  void forget(const std::string& person);

  boost::asio::io_context& loop_;
  const base::Clock& clock_;
  hub::Backend& inner_;
  store::Home home_;
  std::vector<store::Person> people_;
  std::map<std::string, Login> logins_;        ///< by the SHA-256 of the pass
  std::map<std::string, std::string> present_; ///< person by place
  std::set<std::string> checking_;             ///< whose PIN is being checked: one guess at a time
  bool saving_ = false;                        ///< one change of the people at a time, so that none is lost
  store::PinLocks locks_;
  Reader worker_; ///< hashing and files; in the order they were asked for
};

} // namespace machiai::daemon
