// SPDX-License-Identifier: Apache-2.0
#include "kiosk/spoken.hpp"

#include "sound/reading.hpp"

#include <QDate>
#include <QTime>

namespace machiai::kiosk {

namespace {

class Reader {
public:
  Reader(const Screen& screen, const seat::Phrases& phrases) : screen_(screen), phrases_(phrases) {}

  [[nodiscard]] QStringList said() {
    if (screen_.warning) {
      say("stay", {{"n", QString::number(screen_.stay_seconds)}});
      return sentences_;
    }
    switch (screen_.face) {
    case Face::home: home(); break;
    case Face::kind: all({"kind", "kind.return"}); break;
    case Face::typing: say("type"); break;
    case Face::asking: say(screen_.pending.empty() ? "checking" : "asking"); break;
    case Face::done: done(); break;
    case Face::refused: refused(); break;
    case Face::help: screen_.called ? all({"called", "called.wait"}) : all({"reception", "help"}); break;
    case Face::rules: rules(); break;
    case Face::closed:
    case Face::why: closed(); break;
    case Face::away: all({"away", "reception"}); break;
    case Face::code: all({"code", "help"}); break;
    case Face::wipe: break;
    }
    return sentences_;
  }

private:
  void say(const QString& key, const seat::Phrases::Fill& fill = {}) {
    sentences_.append(phrases_(key, "ja", fill));
  }
  void all(std::initializer_list<const char*> keys) {
    for (const char* key : keys) say(key);
  }

  void home() {
    QStringList names;
    for (const Choice& choice : screen_.choices)
      if (choice.state == "open") names.append(QString::fromStdString(sound::spoken_room(choice.label)));
    say("home");
    if (!names.isEmpty()) say("home.choices", {{"names", names.join("、")}});
    if (screen_.pad) say("home.card");
    say("home.help");
  }

  void done() {
    const Given& given = screen_.given;
    if (given.how != Given::How::taken) say(given.how == Given::How::arrived ? "done.arrived" : "done.known");
    QStringList numbers;
    for (const QString& each : QString::fromStdString(given.number).split(u'・'))
      numbers.append(QString::fromStdString(sound::spoken_number(each.toStdString())));
    say("done", {{"number", numbers.join("番と、")}});
    say(given.printing ? "done.slip" : screen_.prints ? "done.remember" : "done.no_slip");
    if (!given.several.empty()) return each(given);
    if (given.called) return called(given.room);
    if (given.ahead > 0)
      say("done.ahead", {{"n", QString::number(given.ahead)}});
    else
      say("done.next");
    if (given.wait && given.ahead > 0)
      say("done.wait",
          {{"low", QString::number(given.wait->low)}, {"high", QString::number(given.wait->high)}});
    say("done.call");
  }

  void called(const queue::Label& room) {
    say("done.called");
    if (!room.ja.empty()) say("done.enter", {{"room", QString::fromStdString(sound::spoken_room(room))}});
  }

  /// Of several numbers each by its own.
  void each(const Given& given) {
    for (const GivenOne& one : given.several) {
      say("done.of", {{"number", QString::fromStdString(sound::spoken_number(one.number))}});
      if (one.called)
        called(one.room);
      else if (one.ahead > 0)
        say("done.ahead", {{"n", QString::number(one.ahead)}});
      else
        say("done.next");
      if (one.wait && one.ahead > 0 && !one.called)
        say("done.wait",
            {{"low", QString::number(one.wait->low)}, {"high", QString::number(one.wait->high)}});
    }
    say("done.call");
  }

  void refused() {
    const QString why = "refused." + QString::fromStdString(screen_.refusal);
    say(phrases_.has(why) ? why : "refused");
    // "Try again" needs nobody's help.
    if (screen_.refusal != "overloaded") say("reception");
  }

  void rules() {
    all({"rules.order", "rules.moves"});
    if (screen_.absence_back > 0)
      say("rule", {{"back", QString::number(screen_.absence_back)}});
    else
      say("rule.end");
  }

  void closed() {
    say(screen_.state == "full"       ? "full"
        : screen_.state == "paused"   ? "paused"
        : screen_.state == "unopened" ? "unopened"
                                      : "closed");
    if (screen_.opens.at.empty()) return say("reception");
    const QDate date = QDate::fromString(QString::fromStdString(screen_.opens.on), Qt::ISODate);
    QString day;
    if (screen_.opens.tomorrow)
      day = "あす、";
    else if (date.isValid())
      day = QString("%1月%2日、").arg(date.month()).arg(date.day());
    say("opens", {{"when", day + spoken_time(screen_.opens.at)}});
  }

  const Screen& screen_;
  const seat::Phrases& phrases_;
  QStringList sentences_;
};

} // namespace

QString spoken_time(const std::string& time) {
  const QTime at = QTime::fromString(QString::fromStdString(time), "H:mm");
  if (!at.isValid()) return QString::fromStdString(time);
  const QString hour = QString("%1%2時").arg(at.hour() < 12 ? "午前" : "午後").arg(at.hour() % 12);
  return at.minute() == 0 ? hour : hour + QString("%1分").arg(at.minute());
}

QStringList spoken(const Screen& screen, const seat::Phrases& say) {
  if (!screen.large || (screen.lang != "ja" && screen.lang != "easy")) return {};
  return Reader(screen, say).said();
}

} // namespace machiai::kiosk
