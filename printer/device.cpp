// SPDX-License-Identifier: Apache-2.0
#include "printer/device.hpp"

#include "printer/cups_reasons.hpp"
#include "printer/ipp.hpp"

#include <algorithm>
#include <array>

namespace machiai::printer {

namespace {

constexpr std::chrono::milliseconds ask_limit{1500};

struct Device {
  ipp::Target target;
  std::string resource;
};

std::optional<Device> device_of(const std::string& uri) {
  std::array<char, 32> scheme{};
  std::array<char, 256> user{};
  std::array<char, 256> host{};
  std::array<char, 1024> resource{};
  int port = 0;
  if (httpSeparateURI(HTTP_URI_CODING_ALL, uri.c_str(), scheme.data(), static_cast<int>(scheme.size()),
                      user.data(), static_cast<int>(user.size()), host.data(), static_cast<int>(host.size()),
                      &port, resource.data(), static_cast<int>(resource.size())) < HTTP_URI_STATUS_OK)
    return {};
  const std::string_view kind = scheme.data();
  if (kind != "ipp" && kind != "ipps") return {};
  const std::string path = resource.data();
  return Device{{host.data(), port, kind == "ipps", uri.substr(0, uri.find('?'))},
                path.substr(0, path.find('?'))};
}

} // namespace

std::optional<DeviceState> ask_device(const std::string& uri) {
  const auto device = device_of(uri);
  if (!device) return {};
  ipp::Call call(device->target, ask_limit);
  if (!call.connected()) return DeviceState{false, "offline"};
  ipp::Message ask = call.request(IPP_OP_GET_PRINTER_ATTRIBUTES);
  ipp::ask_for(ask.get(), {"printer-state", "printer-state-reasons", "printer-is-accepting-jobs"});
  const auto answer = call.send(std::move(ask), device->resource);
  if (!answer) {
    if (answer.error().reason == "printer_unreachable") return DeviceState{false, "printer_timeout"};
    return {}; // it answers, but not this: let its backend find out
  }
  ipp_t* const told = answer->get();
  ipp_attribute_t* const value = ippFindAttribute(told, "printer-state", IPP_TAG_ENUM);
  ipp_attribute_t* const accepting = ippFindAttribute(told, "printer-is-accepting-jobs", IPP_TAG_BOOLEAN);
  const int state = value != nullptr ? ippGetInteger(value, 0) : IPP_PSTATE_IDLE;
  DeviceState out;
  out.ready = state == IPP_PSTATE_IDLE && (accepting == nullptr || ippGetBoolean(accepting, 0) != 0);
  out.reason =
      printer_reason(ipp::keywords_of(ippFindAttribute(told, "printer-state-reasons", IPP_TAG_KEYWORD)));
  if (out.reason.empty() && state == IPP_PSTATE_STOPPED) out.reason = "stopped";
  return out;
}

void cancel_at_device(const std::string& uri, const std::vector<std::string>& titles) {
  const auto device = device_of(uri);
  if (!device) return;
  ipp::Call call(device->target, ask_limit);
  ipp::Message ask = call.request(IPP_OP_GET_JOBS);
  ipp::ask_for_jobs(ask.get());
  const auto answer = call.send(std::move(ask), device->resource);
  if (!answer) return;
  for (const Job& job : ipp::jobs_of(answer->get()))
    if (std::find(titles.begin(), titles.end(), job.title) != titles.end())
      (void)call.send(call.request(IPP_OP_CANCEL_JOB, job.id), device->resource);
}

} // namespace machiai::printer
