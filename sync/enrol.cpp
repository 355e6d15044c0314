// SPDX-License-Identifier: Apache-2.0
#include "sync/enrol.hpp"

#include "core/numbering/station.hpp"
#include "sync/pair.hpp"
#include "sync/post.hpp"

#include <boost/json.hpp>

#include <filesystem>

namespace machiai::sync {

namespace asio = boost::asio;
namespace json = boost::json;
using base::Error;
using base::fail;
using base::Result;
using base::Status;

namespace {

constexpr const char* turned_out_mark = "replaced";

std::string text_at(const json::object& object, const char* name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string{};
}

tl::unexpected<Error> bad_enrolment(const char* what) {
  return fail(Error::Code::storage, "bad_enrolment", what);
}

Result<json::object> read_object(const std::filesystem::path& path) {
  const auto text = store::read_file(path);
  MACHIAI_TRY(text);
  boost::system::error_code error;
  json::value parsed = json::parse(*text, error);
  if (error || !parsed.is_object()) return bad_enrolment("link.json");
  return std::move(parsed.as_object());
}

/// Enrolled here before. A folder that root has made for itself is another thing than none.
Result<bool> has_link(const store::Home& home) {
  std::error_code error;
  const bool there = std::filesystem::exists(home.cloud() / "link.json", error);
  if (!error) return there;
  const bool refused = error == std::errc::permission_denied;
  return fail(Error::Code::storage, refused ? "no_permission" : "storage", home.cloud().string());
}

/// As what this record went up before: it goes up under no other number, and its lineage is what tells it
/// from a copy, also when it is enrolled anew.
struct Before {
  std::optional<std::uint16_t> number;
  std::uint64_t lineage = 0;
};

Result<Before> enrolled_before(const store::Home& home) {
  Before before;
  const auto there = has_link(home);
  MACHIAI_TRY(there);
  if (!*there) return before;
  const auto link = read_object(home.cloud() / "link.json");
  MACHIAI_TRY(link);
  const json::value* station = link->if_contains("station");
  const json::value* lineage = link->if_contains("lineage");
  boost::system::error_code error;
  before.number = station == nullptr ? std::uint16_t{0} : station->to_number<std::uint16_t>(error);
  if (!error && lineage != nullptr) before.lineage = lineage->to_number<std::uint64_t>(error);
  if (error) return bad_enrolment("link.json");
  return before;
}

Status keep(const store::Home& home, const json::object& answer, const Pair& pair, std::uint64_t lineage) {
  std::error_code error;
  std::filesystem::create_directories(home.cloud(), error);
  if (error) return fail(Error::Code::storage, "storage_read_only", "cloud");
  std::filesystem::permissions(home.cloud(), std::filesystem::perms::owner_all, error);
  const json::value* number = answer.if_contains("station_number");
  json::object link{{"facility", text_at(answer, "facility")},
                    {"link", text_at(answer, "link")},
                    {"station", number != nullptr && number->is_int64() ? number->as_int64() : 0},
                    {"lineage", lineage}};
  MACHIAI_TRY(store::write_durable_file(home.cloud() / "ca.pem", text_at(answer, "ca")));
  MACHIAI_TRY(keep_pair(home, pair));
  // Last: once it is there, all are.
  return store::write_durable_file(home.cloud() / "link.json", json::serialize(link));
}

/// TLS 1.3; with an authority, that one alone.
Result<std::shared_ptr<asio::ssl::context>> first_context(const std::string& ca) {
  auto tls = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(tls->native_handle(), TLS1_3_VERSION);
  boost::system::error_code error;
  if (!ca.empty()) tls->add_certificate_authority(asio::buffer(ca), error);
  if (!error) tls->set_verify_mode(ca.empty() ? asio::ssl::verify_none : asio::ssl::verify_peer, error);
  if (error) return fail(Error::Code::storage, "bad_identity", "ca");
  return tls;
}

} // namespace

Result<std::optional<Enrolled>> load_enrolled(const store::Home& home) {
  const auto there = has_link(home);
  MACHIAI_TRY(there);
  if (!*there) return std::nullopt;
  const auto link = read_object(home.cloud() / "link.json");
  MACHIAI_TRY(link);
  const auto address = parse_address(text_at(*link, "link"), "wss://");
  if (!address) return bad_enrolment("link.json");
  Enrolled enrolled;
  enrolled.link = {address->host, address->port, address->target, text_at(*link, "facility"), "", "", ""};
  auto ca = store::read_file(home.cloud() / "ca.pem");
  MACHIAI_TRY(ca);
  auto pair = load_pair(home);
  MACHIAI_TRY(pair);
  enrolled.link.ca = std::move(*ca);
  enrolled.link.key = std::move(pair->key);
  enrolled.link.certificate = std::move(pair->certificate);
  boost::system::error_code error;
  const json::value* station = link->if_contains("station");
  const json::value* lineage = link->if_contains("lineage");
  if (station != nullptr) enrolled.station = station->to_number<std::uint16_t>(error);
  if (!error && lineage != nullptr) enrolled.lineage = lineage->to_number<std::uint64_t>(error);
  if (error) return bad_enrolment("link.json");
  return enrolled;
}

Status keep_lineage(const store::Home& home, std::uint64_t lineage) {
  auto link = read_object(home.cloud() / "link.json");
  MACHIAI_TRY(link);
  (*link)["lineage"] = lineage;
  return store::write_durable_file(home.cloud() / "link.json", json::serialize(*link));
}

std::string turned_out(const store::Home& home) {
  std::error_code error;
  if (!std::filesystem::exists(home.cloud() / turned_out_mark, error) && !error) return {};
  const auto reason = store::read_file(home.cloud() / turned_out_mark);
  return reason && numbering::gives_none(*reason, {}) ? *reason : "station_replaced"; // which it once meant
}

Status keep_turned_out(const store::Home& home, const std::string& reason) {
  if (!reason.empty()) return store::write_durable_file(home.cloud() / turned_out_mark, reason);
  std::error_code error;
  std::filesystem::remove(home.cloud() / turned_out_mark, error);
  return error ? Status(fail(Error::Code::storage, "storage_read_only", "cloud")) : Status{};
}

Result<Enrolment> enrol(const store::Home& home, const std::string& facility, const EnrolAsk& ask) {
  auto address = parse_address(ask.cloud, "https://");
  if (!address) return fail(Error::Code::invalid, "bad_cloud_address");
  address->target = "/v1/enrol";
  const auto was = enrolled_before(home);
  MACHIAI_TRY(was);
  const auto wish = make_wish(facility);
  MACHIAI_TRY(wish);
  const auto tls = first_context(ask.ca);
  MACHIAI_TRY(tls);
  json::object body{{"facility", facility}, {"code", ask.code}, {"csr", wish->csr}};
  if (was->number) body["station_number"] = *was->number;
  const auto answer = post_now(*address, body, *tls, false);
  MACHIAI_TRY(answer);
  if (answer->status == 409) return fail(Error::Code::conflict, "station_replaced");
  if (answer->status == 403) return fail(Error::Code::forbidden, "enrol_refused");
  if (answer->status != 200 || answer->body.empty()) return fail(Error::Code::device, "cloud_unreachable");
  const Pair pair{wish->key, text_at(answer->body, "certificate")};
  const std::string ca = text_at(answer->body, "ca");
  const auto life = check_pair(pair, ca);
  if (!life || !is_of(answer->shown, ca) || !parse_address(text_at(answer->body, "link"), "wss://"))
    return bad_enrolment("answer");
  MACHIAI_TRY(keep(home, answer->body, pair, was->lineage));
  // It is the station that the cloud has. Of the rest the link decides.
  if (turned_out(home) == "station_replaced") MACHIAI_TRY(keep_turned_out(home, {}));
  return Enrolment{text_at(answer->body, "facility"), text_at(answer->body, "link"), fingerprint_of(ca),
                   life->until};
}

} // namespace machiai::sync
