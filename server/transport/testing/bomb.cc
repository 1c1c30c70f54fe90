#include "server/transport/testing/bomb.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include "server/transport/compression.h"

namespace lamina::server {

// Compressed so that every megabyte stands for itself, the second is what all others are, too.
std::string Bomb(int megabytes) {
  std::string zeros(size_t{1} << 20, '\0'), bomb, next(zeros.size(), '\0');
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, ZlibWindow(Coding::kGzip), 8, Z_DEFAULT_STRATEGY), Z_OK);
  for (int i = 0; i < 2; ++i) {
    bomb += next.substr(0, i == 0 ? 0 : next.size() - stream.avail_out);
    stream.next_in = reinterpret_cast<Bytef*>(zeros.data());
    stream.next_out = reinterpret_cast<Bytef*>(next.data());
    stream.avail_in = stream.avail_out = static_cast<uInt>(zeros.size());
    EXPECT_EQ(deflate(&stream, Z_FULL_FLUSH), Z_OK);
  }
  next.resize(next.size() - stream.avail_out);
  deflateEnd(&stream);
  for (int i = 1; i < megabytes; ++i) bomb += next;
  return bomb;
}

}  // namespace lamina::server
