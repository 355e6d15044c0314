// SPDX-License-Identifier: Apache-2.0
// The urgent notice: a template is chosen and filled in, looked at, and shown on the wall at once.
#include "desk/sheet.hpp"
#include "notice/answer.hpp"

#include <map>

namespace machiai::desk {

namespace look = seat::look;

namespace {

constexpr QRectF notice_sheet{90, 64, 1100, 654};
constexpr double notice_left = 118, notice_right = 612, notice_wide = 1050;
constexpr QRectF preview_box{notice_right, 144, 556, 313};
constexpr QSize preview_size{1112, 626};

const notice::Form* form_named(const std::string& id) {
  static std::map<std::string, std::optional<notice::Form>> known;
  const auto found = known.find(id);
  if (found != known.end()) return found->second ? &*found->second : nullptr;
  auto read = notice::find_form(id, {});
  auto& kept = known[id];
  if (read) kept = std::move(*read);
  return kept ? &*kept : nullptr;
}

notice::Notice content_of(const NoticeDraft& draft) {
  notice::Notice content{draft.form, draft.lang, {}};
  for (const auto& [field, text] : draft.texts)
    if (!text.empty()) content.fields[field] = text;
  return content;
}

QString label_of(const Context& c, const notice::Field& field) {
  return field.label.in(c.lang) + (field.required ? c.say("notice.needed") : QString());
}

std::string stand_in(notice::Kind kind) {
  if (kind == notice::Kind::date) return "2026-12-28";
  if (kind == notice::Kind::dates) return "2026-12-29..2027-01-03";
  return "—";
}

/// How it is written, where that has to be said; empty: no need.
QString example_of(const Context& c, const notice::Field& field) {
  if (field.kind != notice::Kind::date && field.kind != notice::Kind::dates) return {};
  return c.say("notice.example", {{"x", QString::fromStdString(stand_in(field.kind))}});
}

/// What there is to say; the other fields are a line each.
bool has_lines(const notice::Field& field) {
  return field.name == "body";
}

/// "24/83": how long the text is, and how long it may become on a screen that is lying.
QString counted(const notice::Form& form, const NoticeDraft& draft, const notice::Field& field) {
  notice::Notice content = content_of(draft);
  const std::string name = field.name.toStdString();
  const QString text =
      QString::fromStdString(content.fields.contains(name) ? content.fields[name] : std::string());
  constexpr int more = 200;
  const QString filler(more, draft.lang == "ja" ? QChar(u'あ') : QChar(u'n'));
  content.fields[name] = (text + filler).toStdString();
  // What is still to be filled in takes its place, or nothing would be measured.
  for (const notice::Field& other : form.fields) {
    std::string& given = content.fields[other.name.toStdString()];
    if (other.required && given.empty()) given = stand_in(other.kind);
    if (given.empty()) content.fields.erase(other.name.toStdString());
  }
  for (const notice::Fault& fault : notice::check(form, content, false))
    if (fault.field == name && fault.reason == "notice_too_long" && fault.fits > 0)
      return QString("%1/%2").arg(text.size()).arg(fault.fits);
  return QString::number(text.size());
}

/// The example is no part of the field: it is fainter than the label and lies clear of it.
void add_label(Sheet& sheet, const notice::Field& field, double y, const QString& count) {
  const Context& c = sheet.c();
  const look::Type bold{18, true, look::ink, c.lang};
  const QString label = label_of(c, field);
  sheet.line(QRectF(notice_left, y, 470, 28), label, bold);
  if (!count.isEmpty())
    sheet.line(QRectF(notice_left + 350, y, 116, 28), count, {17, false, look::ink_2, c.lang},
               Qt::AlignRight | Qt::AlignVCenter);
  const double wide = look::width(label, bold) + 14;
  if (const QString example = example_of(c, field); !example.isEmpty())
    sheet.line(QRectF(notice_left + wide, y, 470 - wide, 28), example, {16, false, look::ink_2, c.lang});
}

/// Where each field's label stands, and how high the field below it is; a text of several lines gets three.
struct Rows {
  std::vector<double> label, field;
};

Rows rows_of(const notice::Form& form) {
  constexpr std::size_t easy = 3; // so many stand with air between them
  const bool tight = form.fields.size() > easy;
  Rows rows;
  double y = 140;
  for (const notice::Field& field : form.fields) {
    rows.label.push_back(y);
    rows.field.push_back(has_lines(field) ? 96 : tight ? 42 : 48);
    y += 28 + rows.field.back() + (tight ? 3 : 8);
  }
  return rows;
}

/// The picture, or what stands against it.
void add_picture(Sheet& sheet, const notice::Form& form, const NoticeDraft& draft) {
  const Context& c = sheet.c();
  const auto content = content_of(draft);
  const auto faults = notice::check(form, content, false);
  if (faults.empty()) {
    const auto image = notice::picture(form, content, preview_size);
    if (image)
      sheet.paint([image = *image](QPainter& p) {
        p.setRenderHint(QPainter::SmoothPixmapTransform);
        p.drawImage(preview_box, image);
      });
    return;
  }
  sheet.paint([](QPainter& p) { look::panel_box(p, preview_box, 12, look::paper, look::line_strong, 2); });
  QString words;
  for (const notice::Fault& fault : faults)
    words += QString::fromStdString(notice::in_words(form, fault, c.lang)) + "\n";
  sheet.text(preview_box.adjusted(24, 12, -24, -12), words.trimmed(), {21, true, look::ink, c.lang});
}

void add_minutes(Sheet& sheet, const NoticeDraft& draft) {
  const Context& c = sheet.c();
  sheet.line(QRectF(notice_left, 484, notice_wide, 34), c.say("message.showing"),
             {19, true, look::ink, c.lang});
  const std::pair<int, QString> choices[] = {{15, c.say("showing.15")},   {30, c.say("showing.30")},
                                             {60, c.say("showing.60")},   {120, c.say("showing.120")},
                                             {240, c.say("showing.240")}, {720, c.say("showing.720")}};
  double x = notice_left;
  for (const auto& [minutes, words] : choices) {
    sheet.key(QString("notice-minutes-%1").arg(minutes), QRectF(x, 520, 168, 56), words,
              {.chosen = minutes == draft.minutes, .px = 19});
    x += 176.4;
  }
}

} // namespace

std::vector<std::string> notice_fields(const std::string& form) {
  std::vector<std::string> names;
  if (const auto* found = form_named(form))
    for (const notice::Field& field : found->fields) names.push_back(field.name.toStdString());
  return names;
}

bool notice_fits(const NoticeDraft& draft) {
  const auto* form = form_named(draft.form);
  return form != nullptr && notice::check(*form, content_of(draft), false).empty();
}

std::vector<Field> notice_inputs(const Context& c) {
  constexpr int longest = 200;
  std::vector<Field> fields;
  if (const auto* form = form_named(c.screen.inside.notice.form)) {
    const Rows rows = rows_of(*form);
    for (std::size_t i = 0; i < form->fields.size(); ++i) {
      const notice::Field& field = form->fields[i];
      QString start;
      for (const auto& [name, text] : c.screen.inside.notice.texts)
        if (name == field.name.toStdString()) start = QString::fromStdString(text);
      fields.push_back({"notice-field-" + field.name,
                        {notice_left, rows.label[i] + 28, 470, rows.field[i]},
                        (label_of(c, field) + " " + example_of(c, field)).trimmed(),
                        longest,
                        start,
                        has_lines(field)});
    }
  }
  return fields;
}

void add_notices(const Shared& c, seat::Scene& scene) {
  Sheet sheet(c, scene, QRectF(240, 96, 800, 572), c->say("notices.title"));
  sheet.close();
  std::size_t i = 0;
  for (const std::string& id : notice::own_forms())
    if (const auto* form = form_named(id)) {
      const QRectF at(264 + static_cast<double>(i % 2) * 382, 186 + grid_row(i, 2) * 108, 370, 96);
      sheet.key("form-" + QString::fromStdString(id), at, form->title.in(c->lang),
                {.enabled = sheet.free(), .px = 25});
      ++i;
    }
  sheet.text(QRectF(264, 520, 752, 120), c->say("notices.hint"), {19, false, look::ink_2, c->lang});
}

void add_notice(const Shared& c, seat::Scene& scene) {
  const NoticeDraft& draft = c->screen.inside.notice;
  const auto* form = form_named(draft.form);
  if (form == nullptr) return;
  Sheet sheet(c, scene, notice_sheet, form->title.in(c->lang), false);
  sheet.close();
  const Rows rows = rows_of(*form);
  for (std::size_t i = 0; i < form->fields.size(); ++i) {
    const notice::Field& field = form->fields[i];
    add_label(sheet, field, rows.label[i], has_lines(field) ? counted(*form, draft, field) : QString());
  }
  add_picture(sheet, *form, draft);
  add_minutes(sheet, draft);
  double x = notice_left;
  for (const char* lang : {"ja", "en"}) {
    sheet.key(QString("notice-lang-") + lang, QRectF(x, 606, 168, 84), c->say(QString("notice.lang.") + lang),
              {.chosen = draft.lang == lang, .px = 21});
    x += 176.4;
  }
  sheet.key("notice-do", QRectF(x, 606, notice_left + notice_wide - x, 84), c->say("notice-do"),
            {.enabled = sheet.free() && notice_fits(draft), .primary = true, .px = 28});
}

} // namespace machiai::desk
