#include "server/shared_memory/shared_memory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "server/shared_memory/bus_guard.h"
#include "server/shared_memory/testing.h"

namespace lamina::server {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Region = SharedMemory::Region;

/// Byte i is i.
class Object : public testing::SharedObject {
 public:
  explicit Object(size_t size) : SharedObject(Counting(size)) {}

  unsigned char At(off_t position) const { return static_cast<unsigned char>(Read(position, 1)[0]); }

 private:
  static std::string Counting(size_t size) {
    std::string bytes(size, 0);
    std::iota(bytes.begin(), bytes.end(), 0);
    return bytes;
  }
};

std::string Message(const absl::Status& status) { return std::string(status.message()); }

TEST(SharedMemoryTest, RegionsAreRegisteredAndForgotten) {
  const Object object(100);
  SharedMemory memory;
  const Region a{"a", object.key(), 0, 100}, b{"b", object.key(), 10, 20};
  EXPECT_TRUE(memory.Register(b).ok());
  EXPECT_TRUE(memory.Register(a).ok());
  EXPECT_THAT(*memory.Status(""), ElementsAre(a, b));
  EXPECT_THAT(*memory.Status("b"), ElementsAre(b));
  EXPECT_TRUE(absl::IsNotFound(memory.Status("c").status()));
  EXPECT_TRUE(absl::IsAlreadyExists(memory.Register(a)));
  memory.Unregister("a");
  memory.Unregister("a");
  EXPECT_THAT(*memory.Status(""), ElementsAre(b));
  EXPECT_TRUE(absl::IsNotFound(memory.Find("a", 0, 1).status()));
  memory.UnregisterAll();
  EXPECT_THAT(*memory.Status(""), IsEmpty());
}

TEST(SharedMemoryTest, BytesAreTheClients) {
  const Object object(10000);
  SharedMemory memory;
  ASSERT_TRUE(memory.Register({"r", object.key(), 4099, 5000}).ok());
  const auto found = memory.Find("r", 1, 3);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_THAT(found->bytes, ElementsAre(std::byte{4100 % 256}, std::byte{4101 % 256}, std::byte{4102 % 256}));
  found->bytes[0] = std::byte{77};
  EXPECT_EQ(object.At(4100), 77);
  EXPECT_EQ(memory.Find("r", 0, 5000)->bytes.size(), 5000u);
  EXPECT_TRUE(memory.Find("r", 5000, 0)->bytes.empty());
}

TEST(SharedMemoryTest, ARegionStaysWhileItIsUsed) {
  const Object object(100);
  SharedMemory memory;
  ASSERT_TRUE(memory.Register({"r", object.key(), 0, 100}).ok());
  const auto found = memory.Find("r", 50, 1);
  memory.Unregister("r");
  EXPECT_EQ(found->bytes[0], std::byte{50});
  EXPECT_TRUE(found->Check().ok());
}

TEST(SharedMemoryTest, BadRegionsAreRefused) {
  const Object object(100);
  SharedMemory memory;
  for (const char* key : {"", "/", "name", "/a/b", "/../etc/passwd"}) {
    EXPECT_THAT(Message(memory.Register({"r", key, 0, 1})), HasSubstr("is no key of shared memory")) << key;
  }
  EXPECT_THAT(Message(memory.Register({"r", "/lamina_no_such_object", 0, 1})),
              HasSubstr("no shared memory /lamina_no_such"));
  EXPECT_THAT(Message(memory.Register({"", object.key(), 0, 1})), HasSubstr("has no name"));
  const struct {
    uint64_t offset, byte_size;
  } kOutside[] = {{0, 0}, {0, 101}, {100, 1}, {1, 100}, {UINT64_MAX, 1}, {1, UINT64_MAX}, {UINT64_MAX, UINT64_MAX}};
  for (const auto& [offset, byte_size] : kOutside) {
    const absl::Status status = memory.Register({"r", object.key(), offset, byte_size});
    EXPECT_THAT(Message(status), HasSubstr("has 100 bytes")) << offset << " " << byte_size;
  }
  ASSERT_TRUE(memory.Register({"r", object.key(), 50, 50}).ok());
  for (const auto& [offset, byte_size] :
       {std::pair<uint64_t, uint64_t>{0, 51}, {51, 0}, {1, UINT64_MAX}, {UINT64_MAX, 1}}) {
    EXPECT_TRUE(absl::IsInvalidArgument(memory.Find("r", offset, byte_size).status())) << offset << " " << byte_size;
  }
}

TEST(SharedMemoryTest, ARegionThatBecameShorterIsRefused) {
  const Object object(10000);
  SharedMemory memory;
  ASSERT_TRUE(memory.Register({"r", object.key(), 0, 10000}).ok());
  object.Resize(9999);
  EXPECT_THAT(Message(memory.Find("r", 0, 1).status()), HasSubstr("was made shorter"));
  object.Resize(10000);
  EXPECT_TRUE(memory.Find("r", 0, 1).ok()) << "nothing was lost by it";
}

TEST(SharedMemoryTest, MemoryThatIsTakenAwayWhileItIsUsedReadsAsZeros) {
  const Object object(64 * 1024);
  SharedMemory memory;
  ASSERT_TRUE(memory.Register({"r", object.key(), 0, 64 * 1024}).ok());
  const auto found = memory.Find("r", 0, 64 * 1024);
  ASSERT_TRUE(found.ok());
  object.Resize(0);
  EXPECT_EQ(found->bytes[50'000], std::byte{0}) << "instead of SIGBUS";
  std::memset(found->bytes.data(), 1, found->bytes.size());
  EXPECT_FALSE(found->Check().ok());
  object.Resize(64 * 1024);
  EXPECT_FALSE(found->Check().ok()) << "what was written is not the client's";
  EXPECT_FALSE(memory.Find("r", 0, 1).ok());
  memory.Unregister("r");
  EXPECT_TRUE(memory.Register({"r", object.key(), 0, 100}).ok());
  EXPECT_TRUE(memory.Find("r", 0, 1).ok());
}

TEST(SharedMemoryTest, ManyThreadsCanLoseTheirMemoryAtOnce) {
  const Object object(1024 * 1024);
  SharedMemory memory;
  ASSERT_TRUE(memory.Register({"r", object.key(), 0, 1024 * 1024}).ok());
  std::atomic<bool> gone = false;
  std::atomic<int> told = 0;
  std::vector<std::jthread> readers;
  for (int i = 0; i < 4; ++i) {
    readers.emplace_back([&, found = *memory.Find("r", 0, 1024 * 1024)] {
      int64_t sum = 0;
      while (!gone) sum += std::to_integer<int>(found.bytes[sum % 1000 * 1000]);
      for (const std::byte value : found.bytes) sum += std::to_integer<int>(value);
      if (!found.Check().ok()) ++told;
    });
  }
  object.Resize(0);
  gone = true;
  readers.clear();
  EXPECT_EQ(told, 4);
}

TEST(SharedMemoryTest, ThereIsALimit) {
  const Object object(100);
  SharedMemory memory;
  for (size_t i = 0; i < kMostGuarded; ++i)
    ASSERT_TRUE(memory.Register({"r" + std::to_string(i), object.key(), 0, 100}).ok()) << i;
  EXPECT_TRUE(absl::IsResourceExhausted(memory.Register({"one more", object.key(), 0, 100})));
  memory.Unregister("r7");
  EXPECT_TRUE(memory.Register({"one more", object.key(), 0, 100}).ok());
}

/// Touches memory of a file that ends before it, which nobody guards.
void RaiseSigbus() {
  const Object object(100), other(100);
  SharedMemory memory;
  EXPECT_TRUE(memory.Register({"r", object.key(), 0, 100}).ok());
  const int file = shm_open(other.key().c_str(), O_RDWR, 0);
  auto* pages = static_cast<volatile char*>(mmap(nullptr, 100, PROT_READ, MAP_SHARED, file, 0));
  other.Resize(0);
  shm_unlink(object.key().c_str());
  shm_unlink(other.key().c_str());
  std::_Exit(pages[0]);
}

TEST(BusGuardDeathTest, AnotherSigbusEndsTheProcessAsBefore) {
  ::testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_DEATH(RaiseSigbus(), "");
}

}  // namespace
}  // namespace lamina::server
