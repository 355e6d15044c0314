// SPDX-License-Identifier: Apache-2.0
#include "core/wire/views.hpp"

#include "core/wire/fields.hpp"

namespace machiai::wire {
/// A daemon that was not restarted since its update says nothing of it.
template <> inline constexpr bool may_miss<std::vector<queue::StandingView>> = true;
} // namespace machiai::wire

// The lists stand in the namespace of the structs, where the writer and the reader find them.
namespace machiai::queue {

template <class A, wire::Is<Label> T> void fields(A& a, T& v) {
  a("ja", v.ja)("en", v.en)("reading", v.reading);
}
template <class A, wire::Is<WaitRange> T> void fields(A& a, T& v) {
  a("low", v.low)("high", v.high);
}
template <class A, wire::Is<ServiceView> T> void fields(A& a, T& v) {
  a("id", v.id)("name", v.name)("state", v.state)("full", v.full)("opens_at", v.opens_at)(
      "opens_on", v.opens_on)("closes_at", v.closes_at)("waiting", v.waiting)("absent", v.absent)(
      "calling", v.calling)("wait", v.wait)("kinds", v.kinds);
}
template <class A, wire::Is<MessageView> T> void fields(A& a, T& v) {
  a("id", v.id)("pattern", v.pattern)("text", v.text)("minutes", v.minutes)("until", v.until);
}
template <class A, wire::Is<NoticeText> T> void fields(A& a, T& v) {
  a("field", v.field)("text", v.text);
}
template <class A, wire::Is<NoticeView> T> void fields(A& a, T& v) {
  a("id", v.id)("template", v.form)("lang", v.lang)("fields", v.texts)("since", v.since)("until", v.until);
}
template <class A, wire::Is<CallView> T> void fields(A& a, T& v) {
  a("call", v.call)("number", v.number)("service", v.service)("room", v.room)("room_name", v.room_name)(
      "at", v.at)("again", v.again);
}
template <class A, wire::Is<RoomView> T> void fields(A& a, T& v) {
  a("id", v.id)("name", v.name)("number", v.number)("state", v.state);
}
template <class A, wire::Is<StoneView> T> void fields(A& a, T& v) {
  a("number", v.number)("service", v.service)("reason", v.reason);
}
template <class A, wire::Is<BoardView> T> void fields(A& a, T& v) {
  a("facility", v.facility)("date", v.date)("session", v.session)("state", v.state)("opens_at", v.opens_at)(
      "waiting", v.waiting)("wait", v.wait)("services", v.services)("calls", v.calls)("rooms", v.rooms)(
      "next", v.next)("near", v.near)("absent", v.absent)("messages", v.messages)("notice", v.notice);
}
template <class A, wire::Is<KioskView> T> void fields(A& a, T& v) {
  a("facility", v.facility)("date", v.date)("session", v.session)("services", v.services)(
      "printing", v.printing)("absence_back", v.absence_back)("absence_times", v.absence_times)("messages",
                                                                                                v.messages);
}
template <class A, wire::Is<PhoneNote> T> void fields(A& a, T& v) {
  a("result", v.result)("at", v.at)("times", v.times);
}
template <class A, wire::Is<TicketView> T> void fields(A& a, T& v) {
  a("ticket", v.ticket)("number", v.number)("service", v.service)("kind", v.kind)("name", v.name)(
      "card", v.card)("note", v.note)("line", v.line)("origin", v.origin)("state", v.state)("room", v.room)(
      "ahead", v.ahead)("kept_ahead", v.kept_ahead)("since", v.since)("taken", v.taken)("slot", v.slot)(
      "here", v.here)("reason", v.reason)("absences", v.absences)("wait", v.wait)("slip", v.slip)("phoned",
                                                                                                  v.phoned);
}
template <class A, wire::Is<UndoView> T> void fields(A& a, T& v) {
  a("seq", v.seq)("what", v.what)("number", v.number)("service", v.service)("room", v.room)("actor", v.actor)(
      "seat", v.seat)("at", v.at)("until", v.until);
}
template <class A, wire::Is<PrintView> T> void fields(A& a, T& v) {
  a("print", v.print)("ticket", v.ticket)("number", v.number)("reprint", v.reprint)("state", v.state)(
      "reason", v.reason)("at", v.at);
}
template <class A, wire::Is<SeatView> T> void fields(A& a, T& v) {
  a("seat", v.seat)("role", v.role)("connected", v.connected)("trouble", v.trouble);
}
template <class A, wire::Is<TroubleView> T> void fields(A& a, T& v) {
  a("part", v.part)("level", v.level)("reason", v.reason);
}
template <class A, wire::Is<ExceptionView> T> void fields(A& a, T& v) {
  a("service", v.service)("what", v.what)("value", v.value);
}
template <class A, wire::Is<AccuracyView> T> void fields(A& a, T& v) {
  a("n", v.n)("days", v.days)("inside_percent", v.inside_percent)("median_error", v.median_error)(
      "late_percent", v.late_percent);
}
template <class A, wire::Is<RoomSeatView> T> void fields(A& a, T& v) {
  a("room", v.room)("name", v.name)("inside", v.inside)("next", v.next)("waiting", v.waiting)("absent",
                                                                                              v.absent);
}
template <class A, wire::Is<RoomsView> T> void fields(A& a, T& v) {
  a("facility", v.facility)("session", v.session)("rooms", v.rooms)("undo", v.undo);
}
template <class A, wire::Is<LinkView> T> void fields(A& a, T& v) {
  a("enrolled", v.enrolled)("connected", v.connected)("reason", v.reason)("since", v.since);
}
template <class A, wire::Is<OutsideView> T> void fields(A& a, T& v) {
  a("service", v.service)("open", v.open)("reason", v.reason)("opens_at", v.opens_at)("opens_on", v.opens_on)(
      "closes_at", v.closes_at)("windows", v.windows)("cap", v.cap)("given", v.given)("booked", v.booked)(
      "walk_ins", v.walk_ins)("walk_ins_rule", v.walk_ins_rule)("every", v.every)("every_rule", v.every_rule)(
      "absence_back", v.absence_back)("absence_times", v.absence_times)("through_by", v.through_by);
}
template <class A, wire::Is<AcceptanceView> T> void fields(A& a, T& v) {
  a("date", v.date)("at", v.at)("current", v.current)("services", v.services);
}
template <class A, wire::Is<StandingView> T> void fields(A& a, T& v) {
  a("reason", v.reason)("words", v.words)("from", v.from)("until", v.until)("now", v.now);
}
template <class A, wire::Is<DeskView> T> void fields(A& a, T& v) {
  a("facility", v.facility)("date", v.date)("session", v.session)("services", v.services)("rooms", v.rooms)(
      "tickets", v.tickets)("next", v.next)("undo", v.undo)("prints", v.prints)("seats", v.seats)(
      "troubles", v.troubles)("messages", v.messages)("notice", v.notice)("exceptions", v.exceptions)(
      "accuracy", v.accuracy)("link", v.link)("outside", v.outside)("standing", v.standing);
}

} // namespace machiai::queue

namespace machiai::wire {

namespace {

template <class T> boost::json::object write(const T& view) {
  Writer writer;
  fields(writer, view);
  return writer.take();
}

template <class T> base::Result<T> read(const boost::json::object& json) {
  T view;
  Reader reader(json);
  fields(reader, view);
  if (!reader.ok()) return base::fail(base::Error::Code::invalid, "bad_view");
  return view;
}

} // namespace

boost::json::object to_json(const queue::BoardView& view) {
  return write(view);
}
boost::json::object to_json(const queue::KioskView& view) {
  return write(view);
}
boost::json::object to_json(const queue::DeskView& view) {
  return write(view);
}
boost::json::object to_json(const queue::RoomsView& view) {
  return write(view);
}
boost::json::object to_json(const queue::TicketView& view) {
  return write(view);
}
boost::json::object to_json(const queue::PrintView& view) {
  return write(view);
}
boost::json::object to_json(const queue::AcceptanceView& view) {
  return write(view);
}
boost::json::object to_json(const queue::StandingView& view) {
  return write(view);
}

base::Result<queue::BoardView> board_from_json(const boost::json::object& json) {
  return read<queue::BoardView>(json);
}
base::Result<queue::KioskView> kiosk_from_json(const boost::json::object& json) {
  return read<queue::KioskView>(json);
}
base::Result<queue::RoomsView> rooms_from_json(const boost::json::object& json) {
  return read<queue::RoomsView>(json);
}
base::Result<queue::AcceptanceView> acceptance_from_json(const boost::json::object& json) {
  return read<queue::AcceptanceView>(json);
}
base::Result<queue::DeskView> desk_from_json(const boost::json::object& json) {
  return read<queue::DeskView>(json);
}

} // namespace machiai::wire
