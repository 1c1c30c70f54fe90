// A connection on a port with TLS, from its socket to its services: what is no handshake, what is none any more,
// records that are none, and what sessions read. However it goes, a connection whose client has left ends.
#include <filesystem>
#include <memory>

#include "server/transport/testing/test_certificate.h"
#include "tests/fuzz/check_tensors.h"
#include "tests/fuzz/fuzzed_connection.h"
#include "tests/fuzz/tls_fuzz_client.h"

namespace lamina::server {
namespace {

std::shared_ptr<TlsSource> Certificate() {
  std::string folder = std::filesystem::temp_directory_path() / "tls_fuzz_XXXXXX";
  Require(mkdtemp(folder.data()) != nullptr);
  const TestCertificate certificate("server");
  const auto source = TlsSource::Load({.certificate_file = certificate.WriteCertificate(folder + "/c.pem"),
                                       .key_file = certificate.WriteKey(folder + "/k.pem")});
  std::filesystem::remove_all(folder);
  Require(source.ok());
  return *source;
}

}  // namespace
}  // namespace lamina::server

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace lamina::server;
  static const std::shared_ptr<const Services> services = EchoServices(Certificate());
  ServeClient<TlsFuzzClient>(services, {data, size});
  return 0;
}
