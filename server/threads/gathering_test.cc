#include "server/threads/gathering.h"

#include <gtest/gtest.h>

#include <atomic>
#include <new>
#include <string>

namespace lamina::server {
namespace {

struct Owner {
  std::string done;
  int runs = 0;
  void Add(char what);
};

struct Together final : Gathering::Work {
  explicit Together(Owner& owner) : owner(owner) {}
  bool empty() const override { return put_off.empty(); }
  /// Two at a time.
  absl::AnyInvocable<void()> Take() override {
    if (put_off == "?") throw std::bad_alloc();
    const std::string taken = put_off.substr(0, 2);
    put_off.erase(0, 2);
    return [&owner = owner, taken] {
      ++owner.runs;
      owner.done += taken;
      if (taken == "+") owner.Add('!');
    };
  }
  Owner& owner;
  std::string put_off;
};

void Owner::Add(char what) {
  if (Gathering* gathering = Gathering::Current()) {
    gathering->Of<Together>(*this).put_off += what;
  } else {
    done += what;
  }
}

void AddAll(Owner& owner, const std::string& text) {
  for (const char c : text) owner.Add(c);
}

TEST(Gathering, DoesEachOwnersWorkAsItTakesIt) {
  Owner a, b;
  Gathering gathering;
  const Gathering::Scope scope(gathering);
  AddAll(a, "xy");
  AddAll(b, "z");
  AddAll(a, "w");
  EXPECT_EQ(a.done + b.done, "");
  gathering.Run();
  EXPECT_EQ(a.done, "xyw");
  EXPECT_EQ(b.done, "z");
  EXPECT_EQ(a.runs, 2);
  EXPECT_EQ(b.runs, 1);
  EXPECT_TRUE(gathering.empty());
}

TEST(Gathering, WhatComesUpMeanwhileIsTheNextRounds) {
  Owner owner;
  Gathering gathering;
  const Gathering::Scope scope(gathering);
  AddAll(owner, "+");
  gathering.Run();
  EXPECT_EQ(owner.done, "+");
  EXPECT_FALSE(gathering.empty());
  gathering.Run();
  EXPECT_EQ(owner.done, "+!");
  EXPECT_TRUE(gathering.empty());
}

TEST(Gathering, ARoundIsGoneOnWithByWhoeverTakesTheNext) {
  Owner a, b;
  Gathering gathering;
  const Gathering::Scope scope(gathering);
  AddAll(b, "uvw");
  AddAll(a, "x");
  gathering.BeginRound();
  const auto first = gathering.TakeNext();
  AddAll(a, "later");
  gathering.BeginRound();
  while (auto next = gathering.TakeNext()) next();
  EXPECT_EQ(b.done, "w");
  EXPECT_EQ(a.done, "x");
}

TEST(Gathering, WhatCannotBeTakenIsDropped) {
  Owner a, b;
  Gathering gathering;
  const Gathering::Scope scope(gathering);
  AddAll(a, "?");
  AddAll(b, "y");
  EXPECT_THROW(gathering.Run(), std::bad_alloc);
  gathering.Run();
  EXPECT_EQ(b.done, "y");
  EXPECT_TRUE(gathering.empty());
}

TEST(Gathering, IsNoneOfAThreadThatWasReplaced) {
  Gathering gathering;
  const Gathering::Scope scope(gathering);
  WatchedThread watched([] {});
  const WatchedThread::Here here(watched);
  std::atomic<int> late = 0;
  WatchedThread::Call call(late);
  for (int i = 0; i < 3; ++i) watched.Look([] { return true; });
  EXPECT_TRUE(call.End());
  EXPECT_EQ(Gathering::Current(), nullptr);
}

TEST(Gathering, IsItsThreadsWithinItsScope) {
  Gathering gathering;
  EXPECT_EQ(Gathering::Current(), nullptr);
  {
    const Gathering::Scope scope(gathering);
    EXPECT_EQ(Gathering::Current(), &gathering);
  }
  EXPECT_EQ(Gathering::Current(), nullptr);
}

TEST(Gathering, DropsWhatWasNotRun) {
  Owner owner;
  {
    Gathering gathering;
    const Gathering::Scope scope(gathering);
    AddAll(owner, "lost");
  }
  AddAll(owner, "kept");
  EXPECT_EQ(owner.done, "kept");
}

}  // namespace
}  // namespace lamina::server
