// SPDX-License-Identifier: Apache-2.0
#include "core/store/programmes.hpp"

#include "core/base/text.hpp"
#include "core/programme/entry.hpp"
#include "core/store/pairing.hpp"
#include "core/store/seen_time.hpp"
#include "core/wire/programme.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <functional>
#include <utility>

namespace machiai::store {

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using base::Error;
using base::fail;
using base::Result;
using base::Status;
using programme::Programme;
using programme::Review;

using Public = std::array<unsigned char, crypto_sign_PUBLICKEYBYTES>;
using Secret = std::array<unsigned char, crypto_sign_SECRETKEYBYTES>;
using Signature = std::array<unsigned char, crypto_sign_BYTES>;

template <class Bytes> std::string base64(const Bytes& bytes) {
  std::string text(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
  text.resize(text.size() - 1); // its closing zero
  return text;
}

template <class Bytes> bool from_base64(std::string_view text, Bytes& bytes) {
  std::size_t length = 0;
  return sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), "\n ", &length, nullptr,
                           sodium_base64_VARIANT_ORIGINAL) == 0 &&
         length == bytes.size();
}

std::string key_id(const Public& key) {
  return secret_digest({reinterpret_cast<const char*>(key.data()), key.size()}).substr(0, 16);
}

unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

fs::path trusted(const Home& home, const std::string& id) {
  return home.programmes() / "trusted" / (id + ".pub");
}

Status make_directory(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return fail(Error::Code::storage, "storage_read_only", path.filename().string());
  return {};
}

/// One at a time changes what lies below HOME/data/programme.
class Turn {
public:
  explicit Turn(const Home& home) {
    if (!make_directory(home.programmes())) return;
    fd_ = ::open((home.programmes() / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd_ >= 0) ::flock(fd_, LOCK_EX);
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    if (fd_ >= 0) ::close(fd_);
  }

private:
  int fd_ = -1;
};

Result<json::object> parse(std::string_view text) {
  if (text.size() > wire::largest_programme) return fail(Error::Code::limit, "programme_too_large");
  boost::system::error_code bad;
  json::stream_parser parser;
  const std::size_t read = parser.write(text.data(), text.size(), bad);
  if (!bad) parser.finish(bad);
  const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(read), '\n');
  if (bad) return fail(Error::Code::invalid, "bad_programme", fmt::format("JSON, line {}", line));
  json::value parsed = parser.release();
  if (!parsed.is_object()) return fail(Error::Code::invalid, "bad_programme", "JSON");
  return std::move(parsed.as_object());
}

Status verify(const Home& home, const json::object& document) {
  const json::value* found = document.if_contains("signature");
  if (found == nullptr) return fail(Error::Code::forbidden, "not_signed");
  const json::object* signature = found->if_object();
  const json::value* key = signature == nullptr ? nullptr : signature->if_contains("key");
  const json::value* value = signature == nullptr ? nullptr : signature->if_contains("ed25519");
  if (key == nullptr || !key->is_string() || value == nullptr || !value->is_string())
    return fail(Error::Code::forbidden, "bad_signature");
  const std::string id(key->as_string());
  const auto text = base::is_plain_id(id, 32)
                        ? read_file(trusted(home, id))
                        : Result<std::string>(fail(Error::Code::not_found, "missing_file"));
  Public public_key{};
  if (sodium_init() < 0 || !text || !from_base64(*text, public_key) || key_id(public_key) != id)
    return fail(Error::Code::forbidden, "untrusted_key", id);
  Signature bytes{};
  auto body = wire::canonical(document);
  MACHIAI_TRY(body);
  if (!from_base64({value->as_string().data(), value->as_string().size()}, bytes) ||
      crypto_sign_verify_detached(bytes.data(), bytes_of(*body), body->size(), public_key.data()) != 0)
    return fail(Error::Code::forbidden, "bad_signature");
  return {};
}

Result<Checked> check_document(std::string_view facility, const json::object& document) {
  auto programme = wire::programme_from_json(document);
  MACHIAI_TRY(programme);
  if (programme->facility != facility)
    return fail(Error::Code::forbidden, "foreign",
                fmt::format("{}, this station is {}", programme->facility, facility));
  Checked checked{std::move(*programme), {}};
  checked.faults = programme::check(checked.programme);
  return checked;
}

fs::path file_of(const Home& home, const Programme& p) {
  return home.programmes() / fmt::format("{}.v{}.json", p.id, p.version);
}
fs::path reviews_file(const Home& home) {
  return home.programmes() / "reviews.json";
}

Result<std::vector<Review>> load_reviews(const Home& home) {
  std::error_code error;
  if (!fs::exists(reviews_file(home), error) && !error) return std::vector<Review>{};
  const auto text = read_file(reviews_file(home));
  if (!text) return fail(Error::Code::storage, "bad_reviews");
  boost::system::error_code bad;
  const json::value parsed = json::parse(*text, bad);
  if (bad || !parsed.is_array()) return fail(Error::Code::storage, "bad_reviews");
  std::vector<Review> reviews;
  for (const json::value& each : parsed.as_array()) {
    auto review = wire::review_from_json(each);
    if (!review) return fail(Error::Code::storage, "bad_reviews");
    reviews.push_back(std::move(*review));
  }
  return reviews;
}

Status keep_review(const Home& home, const Review& review) {
  auto reviews = load_reviews(home);
  MACHIAI_TRY(reviews);
  std::erase_if(*reviews, [&](const Review& each) {
    return each.programme == review.programme && each.version == review.version;
  });
  reviews->push_back(review);
  json::array rows;
  for (const Review& each : *reviews) rows.push_back(wire::review_to_json(each));
  return write_durable_file(reviews_file(home), json::serialize(rows) + "\n");
}

using Shelved = std::vector<programme::Loaded>;

bool is_newer(const programme::Loaded& one, const programme::Loaded& other) {
  return one.programme.id == other.programme.id && one.programme.version > other.programme.version;
}

/// Whether the clinic may still decide about it, and no newer version is approved already.
bool is_undecided(const Shelved& loaded, const programme::Loaded& one, base::Instant now) {
  return one.programme.deadline > now && !one.review.approved &&
         std::none_of(loaded.begin(), loaded.end(), [&](const programme::Loaded& other) {
           return is_newer(other, one) && other.review.approved;
         });
}

/// The newest version still undecided: of the programme named, or of the one whose deadline comes next.
const programme::Loaded* meant(const Shelved& loaded, const std::string& id, base::Instant now) {
  const programme::Loaded *best = nullptr, *latest = nullptr;
  for (const programme::Loaded& each : loaded) {
    if (!id.empty() && each.programme.id != id) continue;
    if (latest == nullptr || is_newer(each, *latest) ||
        (each.programme.id != latest->programme.id && each.programme.from > latest->programme.from))
      latest = &each;
    if (!is_undecided(loaded, each, now)) continue;
    const bool better =
        best == nullptr || is_newer(each, *best) ||
        (each.programme.id != best->programme.id && each.programme.deadline < best->programme.deadline);
    if (better) best = &each;
  }
  // Where nothing is undecided the latest is meant, so that the refusal says why.
  return best != nullptr ? best : latest;
}

using Decide = std::function<Result<Review>(const Programme&, Review)>;

Result<Review> review(const Home& home, std::string_view facility, const std::string& id, base::Instant now,
                      const Decide& decide) {
  const Turn turn(home);
  MACHIAI_TRY(load_reviews(home));
  const auto seen = latest_recorded(home);
  MACHIAI_TRY(seen);
  if (*seen && is_behind(now, **seen)) return fail(Error::Code::conflict, "clock_unsure");
  const auto shelf = load_programmes(home, facility);
  MACHIAI_TRY(shelf);
  const programme::Loaded* loaded = meant(shelf->loaded, id, now);
  if (loaded == nullptr) return fail(Error::Code::not_found, "unknown_programme", id);
  auto decided = decide(loaded->programme, loaded->review);
  MACHIAI_TRY(decided);
  MACHIAI_TRY(keep_review(home, *decided));
  return decided;
}

} // namespace

Result<std::string> make_provider_key(const Home& home) {
  std::error_code error;
  if (fs::exists(home.keys() / "provider.key", error)) return fail(Error::Code::conflict, "key_exists");
  MACHIAI_TRY(make_directory(home.keys()));
  Public public_key{};
  Secret secret{};
  if (sodium_init() < 0 || crypto_sign_keypair(public_key.data(), secret.data()) != 0)
    return fail(Error::Code::internal, "no_key");
  MACHIAI_TRY(write_durable_file(home.keys() / "provider.key", base64(secret) + "\n"));
  MACHIAI_TRY(write_file(home.keys() / "provider.pub", base64(public_key) + "\n", false));
  return trust_provider(home, base64(public_key));
}

Result<std::string> trust_provider(const Home& home, std::string_view text) {
  Public public_key{};
  if (sodium_init() < 0 || !from_base64(text, public_key))
    return fail(Error::Code::invalid, "bad_public_key");
  const std::string id = key_id(public_key);
  MACHIAI_TRY(make_directory(home.programmes() / "trusted"));
  MACHIAI_TRY(write_durable_file(trusted(home, id), base64(public_key) + "\n"));
  return id;
}

Result<std::string> signed_programme(const Home& home, std::string_view text) {
  auto document = parse(text);
  MACHIAI_TRY(document);
  const auto kept = read_file(home.keys() / "provider.key");
  Secret secret{};
  if (sodium_init() < 0 || !kept || !from_base64(*kept, secret))
    return fail(Error::Code::not_found, "no_key");
  Public public_key{};
  crypto_sign_ed25519_sk_to_pk(public_key.data(), secret.data());
  MACHIAI_TRY(wire::programme_from_json(*document));
  auto body = wire::canonical(*document);
  MACHIAI_TRY(body);
  Signature signature{};
  crypto_sign_detached(signature.data(), nullptr, bytes_of(*body), body->size(), secret.data());
  (*document)["signature"] = {{"key", key_id(public_key)}, {"ed25519", base64(signature)}};
  return wire::readable(*document);
}

Result<Checked> check_programme(const Home& home, std::string_view facility, std::string_view text) {
  const auto document = parse(text);
  MACHIAI_TRY(document);
  MACHIAI_TRY(verify(home, *document));
  return check_document(facility, *document);
}

Result<std::vector<programme::Fault>> check_form(std::string_view text) {
  const auto document = parse(text);
  MACHIAI_TRY(document);
  return wire::form_faults(*document);
}

Result<Checked> check_draft(std::string_view facility, std::string_view text) {
  const auto document = parse(text);
  MACHIAI_TRY(document);
  return check_document(facility, *document);
}

Result<Programme> take_programme(const Home& home, std::string_view facility, std::string_view text,
                                 base::Instant now) {
  auto checked = check_programme(home, facility, text);
  MACHIAI_TRY(checked);
  const Programme& p = checked->programme;
  if (!checked->faults.empty())
    return fail(Error::Code::invalid, "bad_programme",
                checked->faults.front().where + ": " + checked->faults.front().reason);
  const Turn turn(home);
  const auto shelf = load_programmes(home, facility);
  MACHIAI_TRY(shelf);
  std::vector<programme::Known> known;
  for (const programme::Loaded& each : shelf->loaded)
    known.push_back({each.programme.id, each.programme.version, each.programme.from, each.programme.to});
  MACHIAI_TRY(programme::may_enter(p, known, now));
  MACHIAI_TRY(write_durable_file(file_of(home, p), text));
  return std::move(checked->programme);
}

Result<Shelf> load_programmes(const Home& home, std::string_view facility) {
  Shelf shelf;
  const auto reviews = load_reviews(home);
  // What needs no approval goes on without the record of approvals.
  if (!reviews) shelf.refused.emplace_back(reviews_file(home).filename().string(), reviews.error().reason);
  std::error_code error;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(home.programmes(), error))
    if (entry.path().extension() == ".json" && entry.path() != reviews_file(home))
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    const auto text = read_file(file);
    auto checked =
        text ? check_programme(home, facility, *text) : Result<Checked>(tl::unexpected(text.error()));
    if (!checked || !checked->faults.empty() || file_of(home, checked->programme) != file) {
      shelf.refused.emplace_back(file.filename().string(),
                                 checked ? "bad_programme" : checked.error().reason);
      continue;
    }
    programme::Loaded loaded{std::move(checked->programme), {}};
    for (const Review& each : reviews.value_or(std::vector<Review>{}))
      if (each.programme == loaded.programme.id && each.version == loaded.programme.version)
        loaded.review = each;
    shelf.loaded.push_back(std::move(loaded));
  }
  return shelf;
}

std::string programmes_stamp(const Home& home) {
  std::string stamp;
  std::error_code error;
  for (const auto& dir : {home.programmes(), home.programmes() / "trusted"})
    for (const auto& entry : fs::directory_iterator(dir, error)) {
      struct stat status {};
      if (::stat(entry.path().c_str(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
      stamp += fmt::format("{} {} {} {}.{}\n", entry.path().filename().string(), status.st_ino,
                           status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
    }
  return stamp;
}

Result<Review> approve_programme(const Home& home, std::string_view facility, const std::string& id,
                                 std::string by, base::Instant now) {
  return review(home, facility, id, now, [&](const Programme& p, Review kept) {
    return programme::approve(p, std::move(kept), by, now);
  });
}

Result<Review> swap_item(const Home& home, std::string_view facility, const std::string& id,
                         programme::Swap swap, base::Instant now) {
  return review(home, facility, id, now, [&](const Programme& p, Review kept) {
    return programme::swap(p, std::move(kept), swap, now);
  });
}

namespace {

void add_hours(std::vector<programme::Hours>& open, const std::vector<queue::Hours>& all, base::Date date) {
  for (const queue::Hours& hours : all)
    if (hours.weekdays.empty() ||
        std::find(hours.weekdays.begin(), hours.weekdays.end(), base::weekday(date)) != hours.weekdays.end())
      open.push_back({hours.open, hours.close});
}

} // namespace

std::vector<programme::Hours> open_hours(const queue::Clinic& clinic, base::Date date) {
  std::vector<programme::Hours> open;
  for (int service = 0; service < static_cast<int>(clinic.services.size()); ++service)
    add_hours(open, queue::usual_hours(clinic, service, date), date);
  return open;
}

std::vector<programme::Hours> open_hours(const queue::Clinic& clinic, const queue::Day& day,
                                         base::Date date) {
  if (day.date != date) return open_hours(clinic, date);
  std::vector<programme::Hours> open;
  for (int service = 0; service < static_cast<int>(clinic.services.size()); ++service)
    add_hours(open, queue::hours_of(clinic, day, service), date);
  return open;
}

} // namespace machiai::store
