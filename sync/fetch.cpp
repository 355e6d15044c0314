// SPDX-License-Identifier: Apache-2.0
#include "sync/fetch.hpp"

#include "sync/guards.hpp"
#include "sync/part.hpp"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <algorithm>
#include <vector>

namespace machiai::sync {

namespace fs = std::filesystem;
namespace http = boost::beast::http;
using base::Error;
using base::fail;
using base::Millis;
using base::Result;
using base::Status;

namespace {

constexpr std::size_t piece = 256 * 1024;
constexpr std::size_t paced_piece = 16 * 1024;
constexpr std::size_t largest_head = 16 * 1024;
constexpr int most_answers = 64;
constexpr std::uint64_t room_asked_every = 1 << 20;

Steady in(Millis time) {
  return std::chrono::steady_clock::now() + time;
}

Millis since(Steady begun) {
  return std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now() - begun);
}

std::string request_for(const wire::ManifestFile& file, const Address& address, std::uint64_t have) {
  std::string text = "GET " + address.target + " HTTP/1.1\r\nHost: " + address.host;
  if (address.port != "443") text += ":" + address.port;
  text += "\r\nAccept-Encoding: identity\r\nConnection: close\r\n";
  if (have > 0) text += "Range: bytes=" + std::to_string(have) + "-\r\nIf-Range: " + etag_of(file) + "\r\n";
  return text + "\r\n";
}

struct Head {
  FileAnswer answer;
  std::vector<unsigned char> rest; ///< the body's beginning, which came with it
};

Result<Head> read_head(Secure& line, Steady until) {
  http::response_parser<http::empty_body> parser;
  parser.header_limit(largest_head);
  parser.body_limit(boost::none);
  std::vector<unsigned char> bytes;
  while (!parser.is_header_done()) {
    const std::size_t before = bytes.size();
    if (before > largest_head) return fail(Error::Code::device, "other_answer", "head");
    bytes.resize(before + paced_piece);
    const auto got = line.read(std::span(bytes).subspan(before), until);
    MACHIAI_TRY(got);
    bytes.resize(before + *got);
    boost::system::error_code error;
    const std::size_t used = parser.put(boost::asio::buffer(bytes), error);
    bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(used));
    if (error == http::error::need_more) continue;
    // The body is not the parser's to look at.
    if (error && !parser.is_header_done()) return fail(Error::Code::device, "other_answer", "head");
  }
  const auto& head = parser.get();
  Head found{{head.result_int(), {}, {}, {}, {}}, std::move(bytes)};
  if (!parser.chunked())
    if (const auto length = parser.content_length()) found.answer.length = *length;
  found.answer.range = head[http::field::content_range];
  found.answer.etag = head[http::field::etag];
  found.answer.encoding = head[http::field::content_encoding];
  return found;
}

/// A server must get on: so many bytes within each while, whatever they are.
class Patience {
public:
  explicit Patience(const FetchSettings& settings) : settings_(settings), until_(in(settings.silence)) {}
  [[nodiscard]] Steady until() const { return until_; }
  void got(std::size_t bytes) {
    gathered_ += bytes;
    if (gathered_ < settings_.least && base::guard_on(FetchGuard::silence)) return;
    gathered_ = 0;
    until_ = in(settings_.silence);
  }

private:
  const FetchSettings& settings_;
  Steady until_;
  std::uint64_t gathered_ = 0;
};

Status may_write(const FetchSettings& settings, std::uint64_t bytes) {
  if (!settings.room) return {};
  auto room = settings.room(bytes);
  return base::stops(FetchGuard::reserve, !room.has_value()) ? room : Status{};
}

Status read_body(Secure& line, const Head& head, std::uint64_t bytes, Behind& behind,
                 const FetchSettings& settings, Fetching& fetching) {
  Patience patience(settings);
  const Steady begun = std::chrono::steady_clock::now();
  std::uint64_t taken = std::min<std::uint64_t>(bytes, head.rest.size()), asked = 0;
  for (auto rest = std::span(head.rest).first(static_cast<std::size_t>(taken)); !rest.empty();) {
    const auto room = behind.room();
    const std::size_t fits = std::min(room.size(), rest.size());
    std::copy_n(rest.begin(), fits, room.begin());
    MACHIAI_TRY(behind.hand_over(fits));
    rest = rest.subspan(fits);
  }
  while (taken < bytes) {
    if (taken - asked >= room_asked_every) {
      MACHIAI_TRY(may_write(settings, bytes - taken));
      asked = taken;
    }
    const auto room = behind.room();
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(room.size(), bytes - taken));
    const auto got = line.read(room.first(wanted), patience.until());
    MACHIAI_TRY(got);
    patience.got(*got);
    MACHIAI_TRY(behind.hand_over(*got));
    taken += *got;
    const Millis wait = pace(taken, since(begun), settings.bytes_a_second);
    if (wait.count() > 0 && !fetching.interrupt.sleep(wait))
      return fail(Error::Code::conflict, "fetch_stopped");
  }
  return {};
}

/// What has come is in the file, whatever ended it.
Status take_body(Secure& line, const Head& head, std::uint64_t bytes, Part& part,
                 const FetchSettings& settings, Fetching& fetching) {
  Behind behind(part, settings.bytes_a_second == 0 ? piece : paced_piece);
  Status read = read_body(line, head, bytes, behind, settings, fetching);
  MACHIAI_TRY(behind.settle());
  return read;
}

Status fetch_rest(const wire::ManifestFile& file, Part& part, SSL_CTX* trusted, const FetchSettings& settings,
                  Fetching& fetching) {
  const auto address = parse_address(file.url, "https://");
  if (!address || address->target.empty()) return fail(Error::Code::invalid, "bad_document", "url");
  MACHIAI_TRY(may_write(settings, file.bytes - part.have()));
  auto line = Secure::connect(*address, trusted, in(settings.connect), fetching.interrupt);
  MACHIAI_TRY(line);
  const Steady until = in(settings.silence);
  MACHIAI_TRY(line->send(request_for(file, *address, part.have()), until));
  const auto head = read_head(*line, until);
  MACHIAI_TRY(head);
  const auto body = judge(file, part.have(), head->answer);
  MACHIAI_TRY(body);
  if (body->from == 0) MACHIAI_TRY(part.restart());
  return take_body(*line, *head, body->bytes, part, settings, fetching);
}

} // namespace

fs::path part_of(const fs::path& directory, std::string_view sha256) {
  return directory / (std::string(sha256) + ".part");
}

Fetched fetch(const wire::ManifestFile& file, const fs::path& directory, SSL_CTX* trusted,
              const FetchSettings& settings, Fetching& fetching) {
  const fs::path path = part_of(directory, file.sha256);
  Fetched done;
  auto part = Part::open(path, file.bytes, fetching);
  if (!part) return {tl::unexpected(part.error()), 0};
  const std::uint64_t before = part->have();
  // A server may give less than it was asked for; one that does so all the time waits its turn like others.
  for (int i = 0; done.status && part->have() < file.bytes; ++i)
    done.status = i < most_answers ? fetch_rest(file, *part, trusted, settings, fetching)
                                   : fail(Error::Code::device, "files_cut");
  if (done.status) done.status = part->finish(file.sha256);
  done.gained = part->have() > before ? part->have() - before : 0;
  if (!done.status && spoils_part(done.status.error().reason)) {
    std::error_code error;
    fs::remove(path, error);
  }
  return done;
}

} // namespace machiai::sync
