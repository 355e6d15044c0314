// SPDX-License-Identifier: Apache-2.0
// The public routes of docs/openapi.yaml, and the station's.
#pragma once

#include "cloud/http.hpp"
#include "cloud/limiter.hpp"
#include "cloud/link.hpp"
#include "cloud/node.hpp"
#include "cloud/site.hpp"

#include <boost/asio/awaitable.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace machiai::cloud {

/// Of a path: "v1", "facilities", {facility}.
inline constexpr std::size_t facility_part = 2;

/// `{email, near, lang}`; without `lang` that of the request. invalid: "bad_email", "bad_near", "bad_body".
[[nodiscard]] base::Result<store::NoticeAsked> read_notice(const boost::json::value& from,
                                                           std::string_view lang);

class Routes {
public:
  Routes(Node& node, Links& links, Site site, std::string link_address)
      : node_(node), links_(links), site_(std::move(site)), link_address_(std::move(link_address)) {}

  boost::asio::awaitable<Response> answer(Request& request);
  void set_link_address(std::string address) { link_address_ = std::move(address); }

  /// Every route: method, path with {names}. The document is held against this list.
  struct Route {
    std::string_view method;
    std::string_view path;
  };
  [[nodiscard]] static const std::vector<Route>& all();

private:
  using Reply = boost::asio::awaitable<base::Result<Response>>;
  using Act = Reply (Routes::*)(Request&, const std::string&);
  struct Way {
    Route route;
    Act act;
    bool costly = false; ///< counted by the tighter limit
  };
  [[nodiscard]] static const std::vector<Way>& ways();

  Reply facility(Request& request, const std::string& name);
  Reply status(Request& request, const std::string& name);
  Reply number(Request& request, const std::string& ticket);
  Reply slots(Request& request, const std::string& service);
  Reply book(Request& request, const std::string& name);
  Reply ticket(Request& request, const std::string& token);
  Reply cancel(Request& request, const std::string& token);
  Reply arrive(Request& request, const std::string& token);
  Reply set_notice(Request& request, const std::string& token);
  Reply stop_notice(Request& request, const std::string& token);
  Reply live(Request& request, const std::string& none);
  Reply enrol(Request& request, const std::string& none);
  Reply renew(Request& request, const std::string& none);
  Reply link(Request& request, const std::string& none);
  Reply media(Request& request, const std::string& sha256);
  Reply facility_page(Request& request, const std::string& name);
  Reply ticket_page(Request& request, const std::string& token);
  Reply openapi(Request& request, const std::string& none);
  Reply healthz(Request& request, const std::string& none);

  /// A station, and the certificate that it shows.
  struct Known {
    Shown shown;
    std::string station;
  };
  boost::asio::awaitable<base::Result<Known>> known(Request& request);
  /// The ticket as JSON, looked for once more in the database when it is not known here.
  boost::asio::awaitable<base::Result<boost::json::object>> look_up(const Token& token, std::string_view lang,
                                                                    bool fresh);
  boost::asio::awaitable<base::Result<boost::json::object>> look(const Token& token, std::string_view lang,
                                                                 bool fresh);
  Reply change(Request& request, const std::string& text,
               base::Status (*act)(pqxx::connection&, const Token&));
  /// Does the work, and answers with the ticket as it is then.
  Reply changed_ticket(Request& request, const Token& token, const store::Database::Work<bool>& work);
  [[nodiscard]] base::Result<store::BookingAsked> read_booking(const Request& request, Place& place);

  Node& node_;
  Links& links_;
  Site site_;
  std::string link_address_;
  Limiter bookings_{60};
  Limiter requests_{600};
  /// Of the node and of each facility: held by each file that is being sent. The use count tells how many.
  std::shared_ptr<void> sending_ = std::make_shared<char>();
  std::map<std::string, std::shared_ptr<void>> sending_to_;
};

} // namespace machiai::cloud
