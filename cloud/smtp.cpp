// SPDX-License-Identifier: Apache-2.0
#include "cloud/smtp.hpp"

#include "net/to.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <spdlog/spdlog.h>

#include <cctype>

namespace machiai::cloud {

namespace asio = boost::asio;
using boost::system::error_code;
using Tcp = asio::ip::tcp;

namespace {

constexpr std::size_t longest_answer = 8 * 1024;

/// An answer of the server; code 0: none came.
struct Answer {
  int code = 0;
  bool starttls = false; ///< one of its lines says so

  [[nodiscard]] bool positive() const { return code >= 200 && code < 400; }
  [[nodiscard]] bool for_good() const { return code >= 500 && code < 600; }
};

template <class Stream> class Talk {
public:
  explicit Talk(Stream& stream) : stream_(stream) {}

  asio::awaitable<Answer> hear() {
    Answer answer;
    for (std::size_t heard = 0; heard < longest_answer;) {
      error_code error;
      const std::size_t size = co_await asio::async_read_until(
          stream_, asio::dynamic_buffer(buffer_, longest_answer), "\r\n", net::to(error));
      if (error || size < 5) co_return Answer{};
      const std::string line = buffer_.substr(0, size - 2);
      buffer_.erase(0, size);
      heard += size;
      if (!digits(line)) co_return Answer{};
      answer.code = std::stoi(line.substr(0, 3));
      answer.starttls = answer.starttls || starts(line.substr(line.size() > 3 ? 4 : 3), "STARTTLS");
      if (line.size() == 3 || line[3] != '-') co_return answer;
    }
    co_return Answer{};
  }

  asio::awaitable<Answer> say(std::string line) {
    line += "\r\n";
    error_code error;
    co_await asio::async_write(stream_, asio::buffer(line), net::to(error));
    if (error) co_return Answer{};
    co_return co_await hear();
  }

  /// Without waiting for the goodbye: what was taken over is to be written down now.
  asio::awaitable<void> leave() {
    static const std::string quit = "QUIT\r\n";
    error_code ignored;
    co_await asio::async_write(stream_, asio::buffer(quit), net::to(ignored));
  }

  /// Something came that nobody asked for: before TLS that is somebody else's.
  [[nodiscard]] bool unread() const { return !buffer_.empty(); }

private:
  static bool digits(const std::string& line) {
    for (std::size_t at = 0; at < 3; ++at)
      if (line.size() <= at || std::isdigit(static_cast<unsigned char>(line[at])) == 0) return false;
    return true;
  }
  static bool starts(const std::string& text, std::string_view word) {
    if (text.size() < word.size()) return false;
    for (std::size_t at = 0; at < word.size(); ++at)
      if (std::toupper(static_cast<unsigned char>(text[at])) != word[at]) return false;
    return text.size() == word.size();
  }

  Stream& stream_;
  std::string buffer_;
};

/// A line that begins with a dot gets another one; the end is a dot alone.
std::string stuffed(const std::string& message) {
  std::string data;
  bool begins = true;
  for (const char each : message) {
    if (begins && each == '.') data += '.';
    data += each;
    begins = each == '\n';
  }
  return data + ".";
}

Posted trouble(const char* where, const Answer& answer, bool theirs) {
  spdlog::warn("a notice by e-mail was not taken ({}: {})", where, answer.code);
  return theirs && answer.for_good() ? Posted::refused : Posted::later;
}

template <class Stream>
asio::awaitable<Posted> hand_over(Talk<Stream>& talk, const std::string& from,
                                  const base::Pii<std::string>& to, const std::string& message) {
  Answer answer = co_await talk.say("MAIL FROM:<" + from + ">");
  if (!answer.positive()) co_return trouble("MAIL", answer, false);
  answer = co_await talk.say("RCPT TO:<" + to.reveal() + ">");
  if (!answer.positive()) co_return trouble("RCPT", answer, true);
  answer = co_await talk.say("DATA");
  if (answer.code != 354) co_return trouble("DATA", answer, true);
  answer = co_await talk.say(stuffed(message));
  if (!answer.positive()) co_return trouble("end of DATA", answer, true);
  co_await talk.leave();
  co_return Posted::accepted;
}

std::string greeting(const Tcp::endpoint& own) {
  const std::string address = own.address().to_string();
  return "EHLO [" + std::string(own.address().is_v6() ? "IPv6:" : "") + address.substr(0, address.find('%')) +
         "]";
}

} // namespace

asio::awaitable<Posted> post(asio::io_context& loop, const SmtpServer& server, const std::string& from,
                             const base::Pii<std::string>& to, const std::string& message) {
  error_code error;
  Tcp::resolver resolver(loop);
  const auto found =
      co_await resolver.async_resolve(server.host, std::to_string(server.port), net::to(error));
  if (error) co_return trouble("name", {}, false);
  boost::beast::tcp_stream socket(loop);
  socket.expires_after(smtp_patience); // for all that follows
  co_await socket.async_connect(found, net::to(error));
  if (error) co_return trouble("connection", {}, false);
  const Tcp::endpoint own = socket.socket().local_endpoint(error);
  const Tcp::endpoint theirs = socket.socket().remote_endpoint(error);
  if (error) co_return trouble("connection", {}, false);
  Talk<boost::beast::tcp_stream> talk(socket);
  Answer answer = co_await talk.hear();
  if (!answer.positive()) co_return trouble("greeting", answer, false);
  answer = co_await talk.say(greeting(own));
  if (!answer.positive()) co_return trouble("EHLO", answer, false);
  const bool wants = server.tls || (answer.starttls && !theirs.address().is_loopback());
  if (!wants) co_return co_await hand_over(talk, from, to, message);
  answer = co_await talk.say("STARTTLS");
  if (!answer.positive() || talk.unread()) co_return trouble("STARTTLS", answer, false);
  asio::ssl::context trust(asio::ssl::context::tls_client);
  trust.set_default_verify_paths(error);
  asio::ssl::stream<boost::beast::tcp_stream&> secure(socket, trust);
  secure.set_verify_mode(asio::ssl::verify_peer);
  secure.set_verify_callback(asio::ssl::host_name_verification(server.host));
  SSL_set_tlsext_host_name(secure.native_handle(), server.host.c_str());
  co_await secure.async_handshake(asio::ssl::stream_base::client, net::to(error));
  if (error) co_return trouble("TLS", {}, false);
  Talk<asio::ssl::stream<boost::beast::tcp_stream&>> secret(secure);
  answer = co_await secret.say(greeting(own));
  if (!answer.positive()) co_return trouble("EHLO", answer, false);
  co_return co_await hand_over(secret, from, to, message);
}

} // namespace machiai::cloud
