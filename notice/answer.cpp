// SPDX-License-Identifier: Apache-2.0
#include "notice/answer.hpp"

#include "core/wire/commands.hpp"
#include "core/wire/messages.hpp"

#include <QSaveFile>
#include <algorithm>

namespace machiai::notice {

namespace json = boost::json;
using base::Error;
using base::fail;
using base::Result;

namespace {

constexpr int least_side = 16, most_side = 8192;

json::object both_json(const Both& words) {
  return {{"ja", words.ja.toStdString()}, {"en", words.en.toStdString()}};
}

json::object form_json(const Form& form) {
  json::array fields;
  for (const Field& field : form.fields) {
    const char* kinds[] = {"text", "date", "dates"};
    fields.push_back({{"field", field.name.toStdString()},
                      {"label", both_json(field.label)},
                      {"type", kinds[static_cast<int>(field.kind)]},
                      {"required", field.required},
                      {"otherwise", both_json(field.otherwise)}});
  }
  return {{"template", form.id},
          {"title", both_json(form.title)},
          {"fields", std::move(fields)},
          {"portrait", form.standing.has_value()}};
}

/// The arguments of a question about one notice.
class Question {
public:
  explicit Question(const json::object& o) : o_(o) {}

  [[nodiscard]] std::string text(const char* name) const {
    const json::value* found = o_.if_contains(name);
    return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
  }
  [[nodiscard]] int number(const char* name) const {
    const json::value* found = o_.if_contains(name);
    return found != nullptr && found->is_int64() ? static_cast<int>(found->as_int64()) : 0;
  }
  [[nodiscard]] QString own() const { return QString::fromStdString(text("own")); }
  [[nodiscard]] std::string words() const { return text("words").empty() ? "en" : text("words"); }
  [[nodiscard]] Result<Notice> notice() const {
    Notice made{text("template"), text("lang").empty() ? "ja" : text("lang"), {}};
    if (made.lang != "ja" && made.lang != "en") return fail(Error::Code::invalid, "bad_argument", "lang");
    const json::value* fields = o_.if_contains("fields");
    if (fields == nullptr) return made;
    if (!fields->is_object()) return fail(Error::Code::invalid, "bad_argument", "fields");
    for (const auto& each : fields->as_object()) {
      if (!each.value().is_string()) return fail(Error::Code::invalid, "bad_argument", "fields");
      made.fields[std::string(each.key())] = std::string(each.value().as_string());
    }
    return made;
  }

private:
  const json::object& o_;
};

Result<json::object> list(const Question& asked) {
  json::array rows;
  for (const std::string& id : all_forms(asked.own())) {
    const auto form = find_form(id, asked.own());
    if (form)
      rows.push_back(form_json(*form));
    else
      rows.push_back({{"template", id}, {"error", wire::error_to_json(form.error(), asked.words())}});
  }
  return json::object{{"templates", std::move(rows)}};
}

json::object fault_json(const Form& form, const Fault& fault, const char* shape, const std::string& lang) {
  return {{"field", fault.field}, {"reason", fault.reason},
          {"over", fault.over},   {"fits", fault.fits},
          {"shape", shape},       {"message", in_words(form, fault, QString::fromStdString(lang))}};
}

Result<json::object> check_both(const Form& form, const Notice& notice, const std::string& words) {
  json::array rows;
  for (const bool standing : {false, true}) {
    if (standing && !form.standing) continue;
    for (const Fault& fault : check(form, notice, standing))
      rows.push_back(fault_json(form, fault, standing ? "portrait" : "landscape", words));
  }
  const bool holds = rows.empty();
  return json::object{{"holds", holds}, {"faults", std::move(rows)}};
}

/// What people call it by: the words that are set largest.
std::string heading(const Form& form, const Notice& notice) {
  const Piece* largest = nullptr;
  for (const Column& column : (form.lying ? *form.lying : *form.standing).columns)
    for (const Piece& piece : column.pieces)
      if (!piece.field.isEmpty() && (largest == nullptr || piece.size > largest->size)) largest = &piece;
  for (const Field& field : form.fields) {
    if (largest == nullptr || field.name != largest->field) continue;
    const auto given = notice.fields.find(field.name.toStdString());
    const auto words = words_of(field, given == notice.fields.end() ? std::string() : given->second,
                                QString::fromStdString(notice.lang));
    if (words) return QString(*words).replace('\n', ' ').toStdString();
  }
  return {};
}

Result<json::object> render(const Form& form, const Notice& notice, const Question& asked) {
  const QSize size(asked.number("width"), asked.number("height"));
  if (std::min(size.width(), size.height()) < least_side || std::max(size.width(), size.height()) > most_side)
    return fail(Error::Code::invalid, "bad_argument", "size");
  const auto image = picture(form, notice, size);
  MACHIAI_TRY(image);
  QSaveFile file(QString::fromStdString(asked.text("out")));
  if (!file.open(QIODevice::WriteOnly) || !image->save(&file, "PNG") || !file.commit())
    return fail(Error::Code::storage, "storage", asked.text("out"));
  return json::object{{"file", asked.text("out")},
                      {"width", size.width()},
                      {"height", size.height()},
                      {"heading", heading(form, notice)}};
}

/// The words of a refusal tell the field and the number, too.
json::object refused(const Error& error, const std::string& words, const std::string& told) {
  json::object body = wire::error_to_json(error, words);
  if (!told.empty()) body["message"] = told;
  return {{"error", std::move(body)}};
}

} // namespace

std::string in_words(const Form& form, const Fault& fault, const QString& lang) {
  const auto field = std::find_if(form.fields.begin(), form.fields.end(),
                                  [&](const Field& each) { return each.name.toStdString() == fault.field; });
  const QString name =
      field == form.fields.end() ? QString::fromStdString(fault.field) : field->label.in(lang);
  const bool en = lang == "en";
  if (fault.over > 0 && fault.fits > 0)
    return (en ? QStringLiteral("“%1” is %2 characters too long (%3 fit).")
               : QStringLiteral("「%1」が %2字 長すぎます（%3字まで 入ります）。"))
        .arg(name)
        .arg(fault.over)
        .arg(fault.fits)
        .toStdString();
  const std::string why = wire::message(fault.reason, lang.toStdString());
  return (en ? QStringLiteral("“%1”: ") : QStringLiteral("「%1」　")).arg(name).toStdString() + why;
}

json::object answer(const json::object& question) {
  const Question asked(question);
  const std::string words = asked.words(), what = asked.text("ask");
  const auto done = [&](const Result<json::object>& result) {
    return result ? *result : refused(result.error(), words, {});
  };
  if (what == "templates") return done(list(asked));
  const auto notice = asked.notice();
  if (!notice) return refused(notice.error(), words, {});
  const auto form = find_form(notice->form, asked.own());
  if (!form) return refused(form.error(), words, {});
  if (what == "check") return done(check_both(*form, *notice, words));
  const bool standing = asked.number("height") > asked.number("width");
  if (const auto faults = check(*form, *notice, standing); !faults.empty())
    return refused(may_show(*form, *notice, standing).error(), words,
                   in_words(*form, faults.front(), QString::fromStdString(words)));
  if (what == "render") return done(render(*form, *notice, asked));
  if (what == "may") return {{"holds", true}};
  return refused({Error::Code::invalid, "bad_argument", "ask"}, words, {});
}

} // namespace machiai::notice
