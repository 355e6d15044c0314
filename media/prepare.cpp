// SPDX-License-Identifier: Apache-2.0
#include "media/prepare.hpp"

#include "media/child.hpp"
#include "media/flash.hpp"
#include "media/words.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace machiai::media {

using base::Error;
using base::fail;
using base::Result;
using base::Status;
using vault::File;

namespace {

constexpr std::size_t most_words = 1 << 20;

/// Long enough for a slow machine that has other work; short enough that a trap ends.
std::chrono::milliseconds patience(double ms) {
  return std::chrono::milliseconds{120'000 +
                                   static_cast<std::int64_t>(20 * std::min<double>(ms, longest_ms))};
}

/// The error of a run of ffmpeg that did not go well, if it did not.
Status went_well(const Ended& ended) {
  if (ended.late) return fail(Error::Code::device, "media_timeout");
  if (ended.status == 0) return {};
  for (const char* words : {"No space left on device", "File too large"})
    if (ended.said.find(words) != std::string::npos) return fail(Error::Code::storage, "media_disk_full");
  return fail(Error::Code::invalid, "media_damaged");
}

void tell(const Wanted& wanted, Stage stage, double done, double all) {
  if (wanted.progress && all > 0)
    wanted.progress(stage, std::clamp(static_cast<int>(100 * done / all), 0, 100));
}

struct Findings {
  FlashMeter flashes;
  std::optional<Loudness> loud;
};

/// Decodes it whole. A film that ends long before it says is damaged: it was cut.
Result<Findings> inspect(const File& file, const Clip& clip, const Wanted& wanted) {
  Findings found;
  std::vector<unsigned char> picture;
  Command command{inspect_words(clip), {file.fd()}, patience(clip.ms)};
  command.out = [&](std::span<const unsigned char> bytes) {
    while (!bytes.empty()) {
      const std::size_t n = std::min(bytes.size(), FlashMeter::picture_bytes - picture.size());
      picture.insert(picture.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(n));
      bytes = bytes.subspan(n);
      if (picture.size() < FlashMeter::picture_bytes) break;
      found.flashes.add(picture);
      picture.clear();
    }
    tell(wanted, Stage::check, found.flashes.pictures() * 1000.0 / FlashMeter::fps, clip.ms);
    return true;
  };
  const auto ended = run(command);
  MACHIAI_TRY(ended);
  MACHIAI_TRY(went_well(*ended));
  const double seen = found.flashes.pictures() * 1000.0 / FlashMeter::fps;
  if (seen < 0.98 * clip.ms - 500) return fail(Error::Code::invalid, "media_damaged");
  if (clip.sound) found.loud = loudness_of(ended->said);
  return found;
}

Status harmless(const Findings& found) {
  if (found.flashes.harmful())
    return fail(Error::Code::invalid, "media_flashes", std::to_string(found.flashes.when().value_or(0)));
  return {};
}

Prepared prepared(const Clip& clip, const Findings& found) {
  Prepared made{{}, clip, {}, found.flashes.worst_area()};
  if (found.loud) made.loudness = found.loud->integrated;
  return made;
}

bool loud_as_wanted(const std::optional<Loudness>& loud) {
  return !loud || std::abs(loud->integrated - house_loudness) <= loudness_tolerance;
}

bool index_first(const File& file) {
  std::string head(256, '\0');
  const auto read = file.read_at(0, {reinterpret_cast<unsigned char*>(head.data()), head.size()});
  return read && is_faststart(std::string_view(head).substr(0, *read));
}

Result<std::optional<Loudness>> measure(const File& source, const Clip& clip, const Wanted& wanted) {
  if (!clip.sound) return std::optional<Loudness>{};
  tell(wanted, Stage::measure, 0, 1);
  const auto ended = run({measure_words(), {source.fd()}, patience(clip.ms)});
  MACHIAI_TRY(ended);
  MACHIAI_TRY(went_well(*ended));
  return loudness_of(ended->said);
}

Result<File> convert(const File& source, const Clip& clip, const std::optional<Loudness>& loud,
                     const std::filesystem::path& work, const Wanted& wanted) {
  auto result = File::nameless(work);
  MACHIAI_TRY(result);
  const double all = clip.still ? wanted.still_seconds * 1000.0 : clip.ms;
  Command command{convert_words(clip, loud, wanted.still_seconds),
                  {source.fd(), result->fd()},
                  patience(all),
                  wanted.room};
  command.out = [&](std::span<const unsigned char> bytes) {
    const auto done = progress_ms({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    if (done) tell(wanted, Stage::convert, *done, all);
    return true;
  };
  const auto ended = run(command);
  MACHIAI_TRY(ended);
  MACHIAI_TRY(went_well(*ended));
  return result;
}

Result<Prepared> converted(const File& source, const Clip& clip, const std::optional<Loudness>& loud,
                           const std::filesystem::path& work, const Wanted& wanted) {
  auto file = convert(source, clip, loud, work, wanted);
  MACHIAI_TRY(file);
  const auto house = probe(*file);
  MACHIAI_TRY(house);
  if (house->ms > longest_ms) return fail(Error::Code::limit, "media_too_long"); // it had told another length
  if (!clip.still && house->ms < 0.98 * clip.ms - 500) return fail(Error::Code::invalid, "media_damaged");
  if (!house_video(*house) || !house_audio(*house)) return fail(Error::Code::internal, "media_damaged");
  const auto found = inspect(*file, *house, wanted);
  MACHIAI_TRY(found);
  MACHIAI_TRY(harmless(*found));
  if (found->loud && found->loud->integrated > house_loudness + 2 * loudness_tolerance)
    return fail(Error::Code::invalid, "media_too_loud");
  Prepared made = prepared(*house, *found);
  made.converted = std::move(*file);
  return made;
}

} // namespace

std::uint64_t house_bytes(double ms) {
  constexpr double bits_a_ms = 6300; // the most of both streams, and their index
  return static_cast<std::uint64_t>(std::min<double>(ms, longest_ms) * bits_a_ms / 8) + (1 << 20);
}

Result<Clip> probe(const File& file) {
  struct stat told {};
  if (::fstat(file.fd(), &told) != 0 || !S_ISREG(told.st_mode))
    return fail(Error::Code::invalid, "media_unreadable");
  if (told.st_size == 0) return fail(Error::Code::invalid, "media_empty");
  if (static_cast<std::uint64_t>(told.st_size) > largest_file)
    return fail(Error::Code::limit, "media_too_big");
  const auto ran = run_and_read({probe_words(), {file.fd()}}, most_words);
  MACHIAI_TRY(ran);
  if (ran->first.late) return fail(Error::Code::device, "media_timeout");
  if (ran->first.status != 0) return fail(Error::Code::invalid, "media_unreadable");
  auto clip = clip_of(ran->second);
  MACHIAI_TRY(clip);
  MACHIAI_TRY(judge(*clip));
  return clip;
}

Result<Prepared> prepare(const File& source, const Clip& clip, const std::filesystem::path& work,
                         const Wanted& wanted) {
  std::optional<Loudness> loud;
  if (house_video(clip) && house_audio(clip) && index_first(source)) {
    const auto found = inspect(source, clip, wanted);
    MACHIAI_TRY(found);
    MACHIAI_TRY(harmless(*found));
    if (loud_as_wanted(found->loud)) return prepared(clip, *found);
    loud = found->loud;
  } else {
    const auto measured = measure(source, clip, wanted);
    MACHIAI_TRY(measured);
    loud = *measured;
  }
  return converted(source, clip, loud, work, wanted);
}

} // namespace machiai::media
