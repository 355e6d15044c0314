// SPDX-License-Identifier: Apache-2.0
#include "cloud/store/database.hpp"

#include "cloud/store/statements.hpp"

#include <libpq-fe.h>
#include <pthread.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace machiai::cloud::store {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds between_tries{50};
constexpr std::chrono::seconds end_within{3};
constexpr std::size_t longest_queue = 20'000;
constexpr std::string_view node_name = "machiai-cloud node"; ///< as PostgreSQL lists its connections

/// Else a database whose machine or network is gone without a word is waited for without end.
struct Default {
  std::string_view name;
  const char* value;
};
constexpr std::array defaults{Default{"connect_timeout", "5"}, Default{"keepalives_idle", "5"},
                              Default{"keepalives_interval", "5"}, Default{"keepalives_count", "3"},
                              Default{"tcp_user_timeout", "20000"}};

/// What libpq is to be told: the URL, and where it names none of these, they.
std::string with_defaults(const std::string& url) {
  const std::unique_ptr<PQconninfoOption, decltype(&::PQconninfoFree)> named(
      ::PQconninfoParse(url.c_str(), nullptr), &::PQconninfoFree);
  if (!named) return url; // the connection says what is wrong with it
  std::string text;
  for (const PQconninfoOption* each = named.get(); each->keyword != nullptr; ++each) {
    const auto found = std::find_if(defaults.begin(), defaults.end(),
                                    [&](const Default& one) { return one.name == each->keyword; });
    const char* value = each->val == nullptr && found != defaults.end() ? found->value : each->val;
    if (value == nullptr) continue;
    text.append(each->keyword).append("='");
    for (; *value != '\0'; ++value) {
      if (*value == '\'' || *value == '\\') text += '\\';
      text += *value;
    }
    text += "' ";
  }
  return text;
}

class Ear final : public pqxx::notification_receiver {
public:
  Ear(pqxx::connection& connection, std::function<void(std::string)> heard)
      : pqxx::notification_receiver(connection, "machiai"), heard_(std::move(heard)) {}
  void operator()(const std::string& payload, int) override { heard_(payload); }

private:
  std::function<void(std::string)> heard_;
};

} // namespace

void Column::next() {
  if (text_.size() > 1) text_ += ',';
}

void Column::add(std::string_view text) {
  next();
  text_ += '"';
  for (const char each : text) {
    if (each == '"' || each == '\\') text_ += '\\';
    text_ += each;
  }
  text_ += '"';
}

void Column::add(std::int64_t number) {
  next();
  text_ += std::to_string(number);
}

void Column::add_bytes(std::string_view bytes) {
  next();
  text_ += "\"\\" + hex(bytes) + "\"";
}

void Column::add_null() {
  next();
  text_ += "NULL";
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text = "\\x";
  for (const char each : bytes) {
    text += digits[static_cast<unsigned char>(each) >> 4];
    text += digits[static_cast<unsigned char>(each) & 15];
  }
  return text;
}

std::string unhex(std::string_view text) {
  const auto value = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string bytes;
  for (std::size_t i = 2; i + 1 < text.size(); i += 2)
    bytes += static_cast<char>(value(text[i]) * 16 + value(text[i + 1]));
  return bytes;
}

base::Result<std::unique_ptr<pqxx::connection>> open(const std::string& url) {
  try {
    auto connection = std::make_unique<pqxx::connection>(with_defaults(url));
    if (connection->is_open()) return connection;
  } catch (const std::exception&) {
  }
  return base::fail(base::Error::Code::device, "database_away");
}

bool is_served(pqxx::transaction_base& work) {
  return !work.exec_params("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND "
                           "application_name = $1 LIMIT 1",
                           std::string(node_name))
              .empty();
}

Database::Database(boost::asio::io_context& loop, std::string url, int workers)
    : loop_(loop), url_(std::move(url)) {
  for (int i = 1; i <= workers; ++i)
    threads_.emplace_back([this, name = "machiai-db-" + std::to_string(i)] { work(name); });
}

Database::~Database() {
  stop();
}

void Database::stop() {
  stopping_ = true;
  wake_.notify_all();
  {
    std::unique_lock lock(mutex_);
    // What is under way may end; what stands still is waited for no longer.
    if (!left_.wait_for(lock, end_within, [&] { return sockets_.empty(); }))
      for (const auto& [thread, socket] : sockets_) ::shutdown(socket, SHUT_RDWR);
  }
  for (std::thread& thread : threads_)
    if (thread.joinable()) thread.join();
}

/// The connection of this thread, which `stop` may end; false when it is too late for one.
bool Database::hold(const pqxx::connection& connection) {
  const std::lock_guard lock(mutex_);
  if (stopping_) return false;
  sockets_[std::this_thread::get_id()] = connection.sock();
  return true;
}

/// Before it is closed: then its socket's number may be another's.
void Database::let_go() {
  {
    const std::lock_guard lock(mutex_);
    sockets_.erase(std::this_thread::get_id());
  }
  left_.notify_all();
}

void Database::post(Job job, std::function<void()> gave_up) {
  {
    const std::lock_guard lock(mutex_);
    if (queue_.size() < longest_queue && !stopping_) {
      queue_.push_back({std::move(job), std::move(gave_up), steady_clock::now() + try_for});
      gave_up = nullptr;
    }
  }
  if (gave_up) return gave_up();
  wake_.notify_one();
}

bool Database::connect(std::unique_ptr<pqxx::connection>& connection) {
  if (connection) return true;
  auto opened = open(url_);
  if (!opened || !hold(**opened)) return false;
  try {
    prepare(**opened);
    (*opened)->set_variable("application_name", "'" + std::string(node_name) + "'");
  } catch (const std::exception&) {
    // Not migrated yet, or gone again.
    let_go();
    return false;
  }
  connection = std::move(*opened);
  ++connected_;
  return true;
}

/// False: it is to be done again; without a connection where that broke before the outcome was known.
bool Database::attempt(std::unique_ptr<pqxx::connection>& connection, Waiting& waiting) {
  try {
    waiting.job(*connection);
    return true;
  } catch (const pqxx::broken_connection&) {
    spdlog::warn("the connection to the database broke");
  } catch (const pqxx::in_doubt_error&) {
    spdlog::warn("the database went away during a commit; asking again");
  } catch (const pqxx::deadlock_detected&) {
    spdlog::warn("two transactions waited for each other; asking again");
    return false;
  } catch (const pqxx::sql_error& error) {
    // The state alone: the text may hold a value.
    spdlog::error("the database refused a statement ({})", error.sqlstate());
    if (connection->is_open() && error.sqlstate() != "57P01" && error.sqlstate() != "23505") {
      waiting.gave_up();
      return true;
    }
  } catch (const std::exception&) {
    spdlog::error("a statement failed");
  }
  let_go();
  connection.reset();
  --connected_;
  return false;
}

void Database::work(const std::string& name) {
  ::pthread_setname_np(::pthread_self(), name.c_str());
  std::unique_ptr<pqxx::connection> connection;
  while (!stopping_) {
    if (!connect(connection)) {
      std::this_thread::sleep_for(between_tries);
      const std::lock_guard lock(mutex_);
      while (!queue_.empty() && queue_.front().until < steady_clock::now()) {
        queue_.front().gave_up();
        queue_.pop_front();
      }
      continue;
    }
    Waiting waiting;
    {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, std::chrono::seconds{1}, [&] { return stopping_ || !queue_.empty(); });
      if (stopping_ || queue_.empty()) continue;
      waiting = std::move(queue_.front());
      queue_.pop_front();
    }
    if (attempt(connection, waiting)) continue;
    // What fails at once and each time would be tried a hundred times a second.
    std::this_thread::sleep_for(between_tries);
    const std::lock_guard lock(mutex_);
    if (steady_clock::now() > waiting.until) {
      waiting.gave_up();
    } else {
      queue_.push_front(std::move(waiting));
    }
  }
  let_go();
}

void Database::listen(std::function<void(std::string)> heard) {
  heard_ = std::move(heard);
  threads_.emplace_back([this] { hear(); });
}

void Database::hear() {
  ::pthread_setname_np(::pthread_self(), "machiai-db-ear");
  const auto tell = [this](std::string payload) {
    boost::asio::post(loop_, [this, payload = std::move(payload)] { heard_(payload); });
  };
  while (!stopping_) {
    auto connection = open(url_);
    if (!connection || !hold(**connection)) {
      std::this_thread::sleep_for(between_tries);
      continue;
    }
    try {
      const Ear ear(**connection, tell);
      tell("");
      while (!stopping_) (*connection)->await_notification(0, 500'000);
    } catch (const std::exception&) {
      std::this_thread::sleep_for(between_tries);
    }
    let_go();
  }
}

} // namespace machiai::cloud::store
