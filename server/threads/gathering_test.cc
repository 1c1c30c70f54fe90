#include "server/threads/gathering.h"

#include <gtest/gtest.h>

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
  void Run() override {
    ++owner.runs;
    owner.done += put_off;
    if (put_off == "again") owner.Add('!');
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

TEST(Gathering, RunsAnOwnersWorkAtOnce) {
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
  EXPECT_EQ(a.runs + b.runs, 2);
}

TEST(Gathering, WhatComesUpMeanwhileComesLater) {
  Owner owner;
  Gathering gathering;
  const Gathering::Scope scope(gathering);
  AddAll(owner, "again");
  gathering.Run();
  EXPECT_EQ(owner.done, "again");
  EXPECT_EQ(gathering.size(), 1u);
  gathering.Run();
  EXPECT_EQ(owner.done, "again!");
  EXPECT_EQ(gathering.size(), 0u);
}

TEST(Gathering, OneOwnersWorkIsNextThenAnothers) {
  Owner a, b;
  Gathering gathering;
  const Gathering::Scope scope(gathering);
  AddAll(b, "y");
  AddAll(a, "x");
  gathering.RunNext();
  EXPECT_EQ(a.done + b.done, "y");
  gathering.RunNext();
  EXPECT_EQ(a.done + b.done, "xy");
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
