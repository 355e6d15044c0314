// SPDX-License-Identifier: Apache-2.0
#include "app/cli/notice.hpp"

#include "app/cli/print.hpp"
#include "core/base/text.hpp"
#include "core/store/media.hpp"
#include "core/store/programmes.hpp"
#include "media/draw.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <charconv>
#include <filesystem>

namespace machiai::cli {

namespace json = boost::json;
using base::Error;
using base::fail;

namespace {

constexpr int wide = 1920, high = 1080;
constexpr std::size_t longest_title = 60;
constexpr int shown_ms = 15'000; // the programme says how long

/// On the command line "\n" is typed as two letters.
std::string with_lines(std::string text) {
  for (auto at = text.find("\\n"); at != std::string::npos; at = text.find("\\n", at + 1))
    text.replace(at, 2, "\n");
  return text;
}

base::Result<std::pair<int, int>> size_of(const std::string& text, bool portrait) {
  if (text.empty()) return portrait ? std::pair{high, wide} : std::pair{wide, high};
  std::pair<int, int> size{};
  const char* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, size.first);
  if (first.ec != std::errc{} || first.ptr == end || *first.ptr != 'x' ||
      std::from_chars(first.ptr + 1, end, size.second).ptr != end)
    return fail(Error::Code::invalid, "bad_argument", "size");
  return size;
}

/// A file beside the shelf for as long as it is needed.
struct Scratch {
  std::filesystem::path path;
  ~Scratch() {
    std::error_code error;
    std::filesystem::remove(path, error);
  }
};

} // namespace

void NoticeVerbs::add_to(CLI::App& app) {
  CLI::App* notice =
      app.add_subcommand("notice", "notices for the waiting room's screen, from templates")->fallthrough();
  notice->require_subcommand(1);
  notice->callback([this] { chosen_ = true; });
  const auto verb = [&](const char* name, const char* help, bool filled) {
    CLI::App* made = notice->add_subcommand(name, help)->fallthrough();
    made->callback([this, name] { verb_ = name; });
    if (!filled) return made;
    made->add_option("TEMPLATE", form_, "its name, or an SVG file of your own")->required();
    made->add_option("--field", fields_, "NAME=TEXT, once for each field; \\n breaks a line");
    made->add_option("--in", language_, "ja (default) or en")->check(CLI::IsMember({"ja", "en"}));
    return made;
  };
  verb("templates", "the templates and their fields", false);
  CLI::App* render = verb("render", "draw it into a PNG, as the wall will show it", true);
  render->add_option("--out", out_, "the PNG")->required();
  render->add_flag("--portrait", portrait_, "upright, 1080x1920");
  render->add_option("--size", size_, "WxH instead of 1920x1080");
  verb("check", "what does not fit, lying and upright", true);
  CLI::App* add = verb("add", "draw it and put it on the shelf, for a programme to name", true);
  add->add_option("--title", title_, "what the staff read");
  add->add_option("--until", until_, "the last day it may be shown");
  verb("now", "show it on the wall at once, in the place of the films", true)
      ->add_option("--minutes", minutes_, "taken away after so many (60)")
      ->check(CLI::Range(1, 720));
  verb("clear", "take the urgent notice off the wall", false);
}

json::object NoticeVerbs::fields() const {
  json::object all;
  for (const std::string& each : fields_) {
    const auto equals = each.find('=');
    all[each.substr(0, equals)] = equals == std::string::npos ? "" : with_lines(each.substr(equals + 1));
  }
  return all;
}

base::Result<Call> NoticeVerbs::call(const std::string& home, const std::string& lang) const {
  if (verb_ == "clear") return Call{"notice_clear", "", {}, lang};
  std::string form = form_;
  if (form.ends_with(".svg")) {
    const std::filesystem::path file(form);
    const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    std::error_code error;
    if (!std::filesystem::exists(file, error)) return fail(Error::Code::not_found, "no_such_file", form);
    if (!std::filesystem::equivalent(folder, store::Home{home}.templates(), error))
      return fail(Error::Code::forbidden, "template_elsewhere", form);
    form = file.stem().string();
  }
  Call call{"notice", fresh_key(), {{"template", form}, {"lang", language_}, {"fields", fields()}}, lang};
  if (minutes_) call.args["minutes"] = *minutes_;
  return call;
}

NoticeVerbs::Answer NoticeVerbs::question(const std::string& home, const std::string& lang) const {
  for (const std::string& each : fields_)
    if (each.find('=') == std::string::npos) return fail(Error::Code::invalid, "bad_argument", "field");
  const auto size = size_of(size_, portrait_);
  MACHIAI_TRY(size);
  std::filesystem::path own = store::Home{home}.templates();
  std::string form = form_;
  if (form.ends_with(".svg")) {
    const auto file = std::filesystem::absolute(form);
    own = file.parent_path();
    form = file.stem().string();
  }
  return json::object{{"ask", verb_ == "add" ? "render" : verb_},
                      {"template", form},
                      {"lang", language_},
                      {"fields", fields()},
                      {"own", own.string()},
                      {"words", lang},
                      {"width", size->first},
                      {"height", size->second}};
}

NoticeVerbs::Answer NoticeVerbs::run(const std::string& home, const std::string& lang,
                                     base::Instant now) const {
  auto asked = question(home, lang);
  MACHIAI_TRY(asked);
  if (verb_ == "add") return add(home, std::move(*asked), now);
  if (verb_ == "render") (*asked)["out"] = std::filesystem::absolute(out_).string();
  return media::ask_notice(*asked);
}

/// The shelf gets exactly the bytes that `render` gives: nothing is converted.
NoticeVerbs::Answer NoticeVerbs::add(const std::string& at, json::object question, base::Instant now) const {
  MACHIAI_TRY(base::check_text(title_, longest_title));
  base::Instant ends = vault::never;
  if (!until_.empty()) {
    const auto day = base::parse_iso_date(until_);
    if (!day) return fail(Error::Code::invalid, "bad_date", until_);
    ends = base::at_minute(*day, 24 * 60);
  }
  if (ends <= now) return fail(Error::Code::forbidden, "right_ended");
  const store::Home home{at};
  const auto settings = store::load_settings(home);
  MACHIAI_TRY(settings);
  auto shelf = store::MediaShelf::open(home, std::uint64_t(settings->media_quota_gb) << 30, true);
  MACHIAI_TRY(shelf);
  const auto programmes = store::load_programmes(home, settings->clinic.id);
  MACHIAI_TRY(programmes);
  const Scratch drawn{home.media() / ("notice-" + fresh_key() + ".part")};
  question["out"] = drawn.path.string();
  auto answer = media::ask_notice(question);
  if (!answer || answer->contains("error")) return answer;
  const auto content = vault::File::open(drawn.path, O_RDONLY);
  MACHIAI_TRY(content);
  const auto size = content->size();
  MACHIAI_TRY(size);
  const auto needed = store::needed_media(programmes->loaded, base::civil_date(now));
  MACHIAI_TRY(shelf->make_room(vault::vault_size(*size), needed, now));
  std::string title = title_.empty() ? text(*answer, "heading") : title_;
  if (title.empty() || !base::check_text(title, longest_title)) title = form_;
  const auto film = shelf->put(*content, {title, "notice", shown_ms, wide, high, {}}, ends, now);
  MACHIAI_TRY(film);
  // As a programme's item, to be copied into it.
  return json::object{{"id", "notice-" + film->sha256.substr(0, 8)},
                      {"kind", "notice"},
                      {"title", title},
                      {"sha256", film->sha256},
                      {"seconds", shown_ms / 1000}};
}

std::string NoticeVerbs::in_words(const json::object& answer) {
  std::string out;
  if (const json::value* all = answer.if_contains("templates")) {
    for (const json::value& each : all->as_array()) {
      const json::object& row = each.as_object();
      if (const json::value* error = row.if_contains("error")) {
        out += fmt::format("{:<12} {} ({})\n", text(row, "template"), text(error->as_object(), "message"),
                           text(error->as_object(), "detail"));
        continue;
      }
      out += fmt::format("{:<12} {}\n", text(row, "template"), text(row.at("title").as_object(), "ja"));
      for (const json::value& given : row.at("fields").as_array()) {
        const json::object& field = given.as_object();
        out += fmt::format("  {:<10} {:<6}{} {}\n", text(field, "field"), text(field, "type"),
                           text(field, "required") == "true" ? "*" : " ",
                           text(field.at("label").as_object(), "ja"));
      }
    }
    return out + "* must be filled in\n";
  }
  if (const json::value* faults = answer.if_contains("faults")) {
    for (const json::value& each : faults->as_array())
      out += fmt::format("{}: {}\n", text(each.as_object(), "shape"), text(each.as_object(), "message"));
    return out + fmt::format("holds: {}\n", text(answer, "holds"));
  }
  for (const auto& member : answer)
    out += fmt::format("{}: {}\n", std::string(member.key()), text(answer, member.key_c_str()));
  return out;
}

} // namespace machiai::cli
