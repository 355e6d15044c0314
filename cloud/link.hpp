// SPDX-License-Identifier: Apache-2.0
// The clinics' lines to the cloud: WebSockets of stations whose certificate has been checked. One station of
// a facility is served at a time on this node (N12): the newer connection ends the older.
#pragma once

#include "cloud/http.hpp"
#include "cloud/node.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json.hpp>

#include <map>
#include <memory>
#include <set>
#include <string>

namespace machiai::cloud {

class LinkSession;

/// Who stands at the other end.
struct Station {
  int facility = 0;
  std::string name;
  Shown shown; ///< by what it was let in
};

class Links {
public:
  explicit Links(Node& node) : node_(node) {}

  /// Takes the connection over and speaks with the station until it ends.
  void open(std::unique_ptr<Stream> stream, HttpMessage upgrade, Station station);
  /// Something of the facility's day was changed from outside: tells its station.
  void changed(int facility);
  [[nodiscard]] bool linked(int facility) const { return sessions_.count(facility) != 0; }
  void stop();

private:
  friend class LinkSession;
  /// The station was let in: an older connection of it ends. Until then nobody else is touched.
  void serve(int facility, const std::shared_ptr<LinkSession>& session);

  Node& node_;
  std::set<std::shared_ptr<LinkSession>> all_;
  std::map<int, std::shared_ptr<LinkSession>> sessions_;
};

} // namespace machiai::cloud
