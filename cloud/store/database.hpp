// SPDX-License-Identifier: Apache-2.0
// The way to PostgreSQL: a few named workers with a connection each, who do blocking work and post its
// outcome back to the loop; and an ear that hears other nodes' notices.
#pragma once

#include "core/base/result.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <pqxx/pqxx>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace machiai::cloud::store {

/// "{1,2}" and the like, for one bound parameter that is a whole column.
class Column {
public:
  void add(std::string_view text);
  void add(std::int64_t number);
  void add_bytes(std::string_view bytes);
  void add_null();
  [[nodiscard]] std::string text() const { return text_ + "}"; }

private:
  void next();
  std::string text_ = "{";
};
/// A bytea as text, "\x00ff", and back.
[[nodiscard]] std::string hex(std::string_view bytes);
[[nodiscard]] std::string unhex(std::string_view text);

/// For so long a piece of work is tried, and answered for at the latest.
constexpr std::chrono::seconds try_for{10};
constexpr std::chrono::seconds answer_within{12};

/// Whether a node is at work on this database.
[[nodiscard]] bool is_served(pqxx::transaction_base& work);

class Database {
public:
  using Job = std::function<void(pqxx::connection&)>;

  Database(boost::asio::io_context& loop, std::string url, int workers);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Runs `work` on a worker and gives its result on the loop. It is run again, for ten seconds at most, when
  /// the connection broke on the way: so it must be idempotent. Then, or when PostgreSQL refuses: storage
  /// "not_recorded". So also when a statement stands still for long (a standby that does not answer, a lost
  /// network): it may yet be done, and whoever asks again with his key finds out.
  /// `work` is to be a variable of the caller: g++ 12 destroys a closure twice that is made within a
  /// co_await.
  template <class T> using Work = std::function<base::Result<T>(pqxx::connection&)>;
  template <class T> boost::asio::awaitable<base::Result<T>> run(const Work<T>& work);
  /// Some worker has a connection, and the last answer that was waited for came.
  [[nodiscard]] bool up() const { return connected_ > 0 && !silent_; }
  /// `heard` is called on the loop with the payload of each notice; with "" after a gap in hearing.
  void listen(std::function<void(std::string)> heard);
  /// Ends within seconds, also where the database stands still; what was under way is then in doubt.
  void stop();

private:
  void post(Job job, std::function<void()> gave_up);
  void work(const std::string& name);
  void hear();
  struct Waiting {
    Job job;
    std::function<void()> gave_up;
    std::chrono::steady_clock::time_point until;
  };
  [[nodiscard]] bool attempt(std::unique_ptr<pqxx::connection>& connection, Waiting& waiting);
  [[nodiscard]] bool connect(std::unique_ptr<pqxx::connection>& connection);
  [[nodiscard]] bool hold(const pqxx::connection& connection);
  void let_go();

  boost::asio::io_context& loop_;
  std::string url_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Waiting> queue_;
  std::condition_variable left_;
  std::map<std::thread::id, int> sockets_; ///< of the threads that are connected
  std::atomic<bool> stopping_{false};
  std::atomic<int> connected_{0};
  std::atomic<bool> silent_{false}; ///< somebody waited in vain, and nothing has been done since
  std::function<void(std::string)> heard_;
  std::vector<std::thread> threads_;
};

template <class T> boost::asio::awaitable<base::Result<T>> Database::run(const Work<T>& work) {
  auto initiate = [this](auto handler, const Work<T>& asked) {
    struct Asker {
      decltype(handler) tell;
      boost::asio::steady_timer patience;
      bool told = false;
    };
    auto asker = std::make_shared<Asker>(
        Asker{std::move(handler), boost::asio::steady_timer(loop_, answer_within), false});
    auto guard = boost::asio::make_work_guard(loop_);
    const auto give = [this, asker, guard](base::Result<T> result) {
      boost::asio::post(loop_, [asker, result = std::move(result)]() mutable {
        if (std::exchange(asker->told, true)) return;
        asker->patience.cancel();
        asker->tell(std::move(result));
      });
    };
    const auto give_up = [give] { give(base::fail(base::Error::Code::storage, "not_recorded")); };
    asker->patience.async_wait([this, give_up](const boost::system::error_code& error) {
      if (error) return;
      silent_ = true;
      give_up();
    });
    post(
        [this, asked, give](pqxx::connection& connection) {
          auto result = asked(connection);
          silent_ = false;
          give(std::move(result));
        },
        give_up);
  };
  co_return co_await boost::asio::async_initiate<decltype(boost::asio::use_awaitable), void(base::Result<T>)>(
      initiate, boost::asio::use_awaitable, work);
}

/// Opens a connection or says why not (device "database_away").
[[nodiscard]] base::Result<std::unique_ptr<pqxx::connection>> open(const std::string& url);

} // namespace machiai::cloud::store
