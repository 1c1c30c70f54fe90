#include "server/threads/file_watch.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <fstream>

namespace lamina::server {
namespace {

using std::chrono::milliseconds;

class FileWatchTest : public testing::Test {
 protected:
  std::string Path(const std::string& name) const { return testing::TempDir() + "/file_watch_" + name; }

  std::string Write(const std::string& name, const std::string& text) const {
    std::ofstream(Path(name), std::ios::trunc) << text;
    return Path(name);
  }

  /// Waits until there were so many calls, or for long.
  bool WaitForCalls(int count) const {
    for (int i = 0; i < 2500 && calls_ < count; ++i) std::this_thread::sleep_for(milliseconds(2));
    return calls_ == count;
  }

  std::atomic<int> calls_ = 0;
};

TEST_F(FileWatchTest, TellsEveryChangeOnce) {
  const std::string one = Write("one", "a"), two = Write("two", "a");
  FileWatch watch(milliseconds(10));
  watch.Start();
  watch.Add({one, two}, [this] { ++calls_; });
  std::this_thread::sleep_for(milliseconds(100));
  EXPECT_EQ(calls_, 0) << "nothing has changed";
  Write("two", "b");
  EXPECT_TRUE(WaitForCalls(1));
  Write("one", "b");
  EXPECT_TRUE(WaitForCalls(2));
  std::filesystem::remove(one);
  EXPECT_TRUE(WaitForCalls(3));
  Write("one", "");
  EXPECT_TRUE(WaitForCalls(4)) << "empty is not missing";
  std::this_thread::sleep_for(milliseconds(100));
  EXPECT_EQ(calls_, 4);
}

TEST_F(FileWatchTest, APipeIsNotWaitedFor) {
  const std::string path = Write("pipe", "a");
  FileWatch watch(milliseconds(0));
  watch.Add({path}, [this] { ++calls_; });
  std::filesystem::remove(path);
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  watch.Look();
  watch.Look();
  EXPECT_EQ(calls_, 1);
  std::filesystem::remove(path);
}

TEST_F(FileWatchTest, WaitsUntilTheFilesAreStill) {
  const std::string path = Write("busy", "0");
  FileWatch watch(milliseconds(0));
  watch.Add({path}, [this] { ++calls_; });
  for (int i = 1; i <= 10; ++i) {
    Write("busy", std::to_string(i));
    watch.Look();
  }
  EXPECT_EQ(calls_, 0);
  watch.Look();
  EXPECT_EQ(calls_, 1);
  watch.Look();
  EXPECT_EQ(calls_, 1) << "it is told once";
}

TEST_F(FileWatchTest, NeverLooksWithoutAnInterval) {
  const std::string path = Write("never", "a");
  FileWatch watch(milliseconds(0));
  watch.Start();
  watch.Add({path}, [this] { ++calls_; });
  Write("never", "b");
  std::this_thread::sleep_for(milliseconds(50));
  EXPECT_EQ(calls_, 0);
}

TEST_F(FileWatchTest, HasNoThreadBeforeItIsStarted) {
  const auto threads = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/task"), std::filesystem::directory_iterator());
  };
  const std::string path = Write("early", "a");
  const auto before = threads();
  FileWatch watch(milliseconds(10));
  watch.Add({path}, [this] { ++calls_; });
  Write("early", "b");
  EXPECT_EQ(threads(), before);
  watch.Start();
  EXPECT_EQ(threads(), before + 1);
  EXPECT_TRUE(WaitForCalls(1)) << "a change since it was added is told";
}

}  // namespace
}  // namespace lamina::server
