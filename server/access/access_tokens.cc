#include "server/access/access_tokens.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <string.h>

#include <algorithm>
#include <fstream>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/api/file_kind.h"
#include "server/api/status_macros.h"

namespace lamina::server {
namespace {

constexpr size_t kSchemeSize = 7;  // "Bearer "

/// RFC 6750's b64token: what a header can carry.
bool IsTokenCharacter(unsigned char c) { return absl::ascii_isalnum(c) || strchr("-._~+/=", c) != nullptr; }

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && absl::ascii_isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
  while (!text.empty() && absl::ascii_isspace(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
  return text;
}

bool HasScheme(std::string_view authorization) {
  return authorization.size() > kSchemeSize &&
         absl::EqualsIgnoreCase(std::string(authorization.substr(0, kSchemeSize)), "bearer ");
}

}  // namespace

AccessTokens::Hash AccessTokens::HashOf(std::string_view token) {
  Hash hash;
  SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), hash.data());
  return hash;
}

absl::StatusOr<AccessTokens::Hashes> AccessTokens::Read(const std::string& path) {
  const std::string name = absl::StrCat("auth_token_file: ", path);
  if (const absl::Status status = CheckHasEnd(path); !status.ok())
    return absl::InvalidArgumentError(absl::StrCat("auth_token_file: ", status.message()));
  errno = 0;
  std::ifstream file(path);
  if (file.peek(); !file.is_open() || file.bad() || errno != 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, " cannot be read (", strerror(errno), "); give the path of a file with one token a line"));
  }
  Hashes hashes;
  std::string text;
  for (int line = 1; std::getline(file, text); ++line) {
    const std::string_view token = Trimmed(text);
    if (token.empty() || token.front() == '#') continue;
    if (!std::all_of(token.begin(), token.end(), IsTokenCharacter)) {
      return absl::InvalidArgumentError(absl::StrCat(
          name, ":", line,
          ": this is no token; expected letters, digits and -._~+/= alone, such as openssl rand -hex 32 prints"));
    }
    hashes.push_back(HashOf(token));
  }
  if (!hashes.empty()) return hashes;
  return absl::InvalidArgumentError(
      absl::StrCat(name, " has no token; write one a line, such as openssl rand -hex 32 prints"));
}

absl::StatusOr<std::shared_ptr<AccessTokens>> AccessTokens::Load(const std::string& path) {
  LAMINA_ASSIGN_OR_RETURN(Hashes hashes, Read(path));
  return std::shared_ptr<AccessTokens>(new AccessTokens(path, std::move(hashes)));
}

absl::Status AccessTokens::Reload() {
  absl::StatusOr<Hashes> hashes = Read(path_);
  if (!hashes.ok()) {
    return absl::Status(hashes.status().code(),
                        absl::StrCat(hashes.status().message(), "; the tokens from before count on"));
  }
  auto shared = std::make_shared<const Hashes>(*std::move(hashes));
  MutexLock lock(mutex_);
  hashes_ = std::move(shared);
  return absl::OkStatus();
}

std::shared_ptr<const AccessTokens::Hashes> AccessTokens::Current() const {
  MutexLock lock(mutex_);
  return hashes_;
}

size_t AccessTokens::count() const { return Current()->size(); }

absl::Status AccessTokens::Check(std::string_view authorization) const {
  if (!HasScheme(authorization)) {
    return absl::UnauthenticatedError(
        "this server asks for a token: send authorization: Bearer TOKEN, with one that its operator gives");
  }
  const Hash hash = HashOf(Trimmed(authorization.substr(kSchemeSize)));
  // All of them, whichever fits: what is compared are hashes, so that not even the time of one tells of a token.
  int found = 0;
  const std::shared_ptr<const Hashes> current = Current();
  for (const Hash& known : *current) found |= CRYPTO_memcmp(hash.data(), known.data(), hash.size()) == 0 ? 1 : 0;
  if (found != 0) return absl::OkStatus();
  return absl::UnauthenticatedError("the token is none that this server knows, or not any more; ask its operator");
}

}  // namespace lamina::server
