#include "server/transport/listener.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/api/status_macros.h"

namespace lamina::server {
namespace {

constexpr int kBacklog = 4096;

struct FreeAddresses {
  void operator()(addrinfo* addresses) const { freeaddrinfo(addresses); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

std::string AddressText(const std::string& address, int port) {
  const bool is_v6 = address.find(':') != std::string::npos;
  return is_v6 ? absl::StrCat("[", address, "]:", port) : absl::StrCat(address, ":", port);
}

/// What to do about it. `reason` is errno's; kNoSuchAddress: the name has no address.
constexpr int kNoSuchAddress = -1;
const char* Remedy(int reason) {
  switch (reason) {
    case EADDRINUSE:
      return "the port is taken; give another --port or --rest_port, or stop what uses it";
    case EACCES:
      return "ports below 1024 are for root and those with CAP_NET_BIND_SERVICE; give another --port or "
             "--rest_port, or the program that capability";
    case EADDRNOTAVAIL:
    case kNoSuchAddress:
      return "it is no address of this machine; correct --grpc_bind_address or --rest_bind_address";
    default:
      return "give another --port, --rest_port, --grpc_bind_address or --rest_bind_address";
  }
}

absl::Status CannotListen(const std::string& address, int port, int reason) {
  return absl::UnavailableError(absl::StrCat("cannot listen on ", AddressText(address, port), " (",
                                             reason == kNoSuchAddress ? "no such address" : strerror(reason),
                                             "): ", Remedy(reason)));
}

void SetOption(int socket, int level, int option, int value) {
  setsockopt(socket, level, option, &value, sizeof value);
}

/// A client whose machine has gone, and not only its process, is noticed after two minutes, also by a call that waits.
void NoticeGoneClients(int socket) {
  SetOption(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
  SetOption(socket, IPPROTO_TCP, TCP_KEEPIDLE, 60);
  SetOption(socket, IPPROTO_TCP, TCP_KEEPINTVL, 15);
  SetOption(socket, IPPROTO_TCP, TCP_KEEPCNT, 4);
}

/// Not SO_REUSEPORT: two servers on one port would each get some of the connections.
FileDescriptor BindOne(const addrinfo& address) {
  FileDescriptor fd(socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (fd.get() < 0) return {};
  SetOption(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1);
  if (address.ai_family == AF_INET6) SetOption(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, 0);
  if (bind(fd.get(), address.ai_addr, address.ai_addrlen) != 0 || listen(fd.get(), kBacklog) != 0) return {};
  return fd;
}

int BoundPort(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(address).sin6_port
                                             : reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

Addresses Resolve(const std::string& address, int port) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (getaddrinfo(address.c_str(), std::to_string(port).c_str(), &wanted, &found) != 0) return nullptr;
  return Addresses(found);
}

/// One of the addresses that a name has.
absl::StatusOr<FileDescriptor> BindTcp(const std::string& address, int port) {
  const Addresses addresses = Resolve(address, port);
  if (!addresses) return CannotListen(address, port, kNoSuchAddress);
  int reason = 0;
  for (const addrinfo* one = addresses.get(); one != nullptr; one = one->ai_next) {
    FileDescriptor socket = BindOne(*one);
    reason = errno;
    if (socket.get() >= 0) return socket;
  }
  // A machine without IPv6 still has all of IPv4's addresses.
  if (address == "::" && reason == EAFNOSUPPORT) return BindTcp("0.0.0.0", port);
  return CannotListen(address, port, reason);
}

bool IsLoopback(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return false;
  if (address.ss_family == AF_INET6) {
    const in6_addr& v6 = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
    return IN6_IS_ADDR_LOOPBACK(&v6) || (IN6_IS_ADDR_V4MAPPED(&v6) && v6.s6_addr[12] == IN_LOOPBACKNET);
  }
  return ntohl(reinterpret_cast<const sockaddr_in&>(address).sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Listener>> Listener::Bind(const ListenAddress& address, int port) {
  if (address.kind == ListenAddress::Kind::kUnix) {
    LAMINA_ASSIGN_OR_RETURN(UnixSocket made, UnixSocket::Bind(address.text, kBacklog));
    return std::unique_ptr<Listener>(new Listener(address, 0, std::move(made.socket), std::move(made.file)));
  }
  LAMINA_ASSIGN_OR_RETURN(FileDescriptor socket, BindTcp(address.text, port));
  const int bound = BoundPort(socket.get());
  return std::unique_ptr<Listener>(new Listener(address, bound, std::move(socket), SocketFile()));
}

std::string Listener::text() const {
  return address_.kind == ListenAddress::Kind::kUnix ? "unix:" + address_.text : AddressText(address_.text, port_);
}

bool Listener::is_local() const { return address_.kind == ListenAddress::Kind::kUnix || IsLoopback(socket_.get()); }

absl::Status Listener::Start(EventLoop& loop, absl::AnyInvocable<void(FileDescriptor)> accept) {
  loop_ = &loop;
  accept_ = std::move(accept);
  return loop.Add(socket_.get(), EPOLLIN, *this);
}

void Listener::Stop() {
  if (socket_.get() < 0) return;
  loop_->timers().Cancel(pause_);
  loop_->Remove(socket_.get());
  file_.Remove();
  socket_.Close();
}

void Listener::OnReady(uint32_t /*events*/) {
  while (socket_.get() >= 0) {
    FileDescriptor client(accept4(socket_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (client.get() < 0) {
      if (errno == EINTR || errno == ECONNABORTED) continue;
      if (errno != EAGAIN) PauseAccepting();
      return;
    }
    if (port_ != 0) {
      SetOption(client.get(), IPPROTO_TCP, TCP_NODELAY, 1);
      NoticeGoneClients(client.get());
    }
    accept_(std::move(client));
  }
}

// Out of descriptors or memory: the clients wait in the backlog, and the loop is not kept busy by them.
void Listener::PauseAccepting() {
  pause_ = loop_->timers().At(TimerQueue::Clock::now() + std::chrono::milliseconds(100),
                              [this] { loop_->Modify(socket_.get(), EPOLLIN, *this); });
  loop_->Modify(socket_.get(), 0, *this);  // not if there is no memory for an end of the pause
}

}  // namespace lamina::server
