// SPDX-License-Identifier: Apache-2.0
#include "app/daemon/printing.hpp"

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

namespace machiai::daemon {

namespace {

printer::Slip slip_of(const Station& station, const store::PrintRow& row) {
  const queue::Clinic& clinic = station.settings().clinic;
  const int service = queue::find_service(clinic, row.service).value_or(0);
  printer::Slip slip;
  slip.facility = clinic.name.ja;
  slip.date = row.date;
  slip.session = queue::session_at(clinic, service, row.issued);
  slip.issued = row.issued;
  slip.service = clinic.services[static_cast<std::size_t>(service)].name.ja;
  slip.number = queue::shown_number(clinic, {service, row.series, row.n});
  slip.ahead = row.ahead;
  slip.wait = row.wait;
  slip.absence = clinic.absence;
  slip.phone = clinic.phone;
  slip.reprint = row.marked;
  slip.reprinted = row.asked;
  slip.qr = station.ticket_code(queue::ticket_id(clinic, row.date, {service, row.series, row.n}));
  return slip;
}

printer::Print print_of(const store::PrintRow& row) {
  printer::Print print;
  print.id = row.print;
  print.ticket = row.service + "/" + queue::series_text(row.series) +
                 (row.series.generation == 0 ? "" : ".") + std::to_string(row.n);
  print.reprint = row.reprint;
  print.marked = row.marked;
  print.state = printer::state_from_name(row.state).value_or(printer::Print::State::unknown);
  print.cups_job = static_cast<int>(row.cups_job);
  print.attempt = row.attempt;
  print.asked = row.asked;
  print.changed = row.changed;
  return print;
}

// A mistake in the layout is told, and costs the clinic's own look, not the slips.
printer::SlipLayout layout_of(const store::PrinterSettings& settings) {
  auto layout = printer::load_layout(settings.slip);
  if (layout) return std::move(*layout);
  spdlog::error("slip layout {}: {}; slips are printed as on 80 mm paper", settings.slip,
                layout.error().detail);
  return {};
}

} // namespace

Printing::Printing(boost::asio::io_context& loop, const base::Clock& clock, Station& station)
    : loop_(loop), station_(station) {
  const store::PrinterSettings& settings = station.settings().printer;
  if (settings.queue.empty()) return;
  printer::Hooks hooks;
  hooks.record = [this](printer::Print changed, std::string reason, std::function<void(bool)> done) {
    boost::asio::post(
        loop_, [this, changed = std::move(changed), reason = std::move(reason), done = std::move(done)] {
          const auto found = rows_.find(changed.id);
          if (found == rows_.end()) return done(false);
          store::PrintRow row = found->second;
          row.marked = changed.marked;
          row.state = printer::state_name(changed.state);
          row.reason = reason;
          row.cups_job = changed.cups_job;
          row.attempt = changed.attempt;
          row.changed = changed.changed;
          found->second = row;
          spdlog::info("print {}: {} {}", changed.id, row.state, reason);
          // Until the end is on the disk the worker tells it again.
          const bool ends = printer::is_final(changed.state);
          station_.record_print(std::move(row), [this, id = changed.id, ends, done](bool durable) {
            if (ends && durable) rows_.erase(id);
            done(durable);
          });
        });
  };
  hooks.printer_changed = [this](const std::string& reason, bool first_hand) {
    boost::asio::post(loop_, [this, reason, first_hand] { station_.printer_changed(reason, first_hand); });
  };
  worker_ = std::make_unique<printer::Worker>(printer::Settings{settings.server, settings.queue}, clock,
                                              printer::FontFiles{}, std::move(hooks), printer::Limits{},
                                              layout_of(settings));
}

void Printing::print(const store::PrintRow& row) {
  if (!worker_) return;
  rows_[row.print] = row;
  worker_->add({print_of(row), slip_of(station_, row)});
}

void Printing::withdraw(std::uint64_t print) {
  if (worker_) worker_->withdraw(print);
}

void Printing::stop() {
  if (worker_) worker_->stop();
}

} // namespace machiai::daemon
