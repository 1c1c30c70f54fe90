#include "extension/text/regex_program.h"

#include <stdexcept>

namespace lamina::text {
namespace {

constexpr size_t kMostInstructions = 100000;

/// Compiles from the end to the beginning: each part is told where to go on.
class Compiler {
 public:
  RegexProgram Compile(const RegexNode& tree) {
    const uint32_t match = Emit({});
    program_.start = Node(tree, match);
    return std::move(program_);
  }

 private:
  using Kind = Instruction::Kind;

  uint32_t Emit(Instruction instruction) {
    if (program_.instructions.size() >= kMostInstructions) {
      throw std::invalid_argument(
          "the regular expression is too large: its repetitions multiply to more than 100000 steps");
    }
    program_.instructions.push_back(instruction);
    return static_cast<uint32_t>(program_.instructions.size() - 1);
  }

  uint32_t Node(const RegexNode& node, uint32_t next) {
    switch (node.kind) {
      case RegexNode::Kind::kSet:
        program_.sets.push_back(node.set);
        return Emit({.kind = Kind::kTake, .set = static_cast<uint32_t>(program_.sets.size() - 1), .next = next});
      case RegexNode::Kind::kPlace:
        program_.has_places = true;
        return Emit({.kind = Kind::kPlace, .place = node.place, .next = next});
      case RegexNode::Kind::kSequence:
        for (size_t i = node.children.size(); i-- > 0;) next = Node(node.children[i], next);
        return next;
      case RegexNode::Kind::kChoice:
        return Choice(node, next);
      default:
        return Repeat(node, next);
    }
  }

  uint32_t Choice(const RegexNode& node, uint32_t next) {
    uint32_t begin = Node(node.children.back(), next);
    for (size_t i = node.children.size() - 1; i-- > 0;) {
      begin = Emit({.kind = Kind::kFork, .next = Node(node.children[i], next), .other = begin});
    }
    return begin;
  }

  uint32_t Repeat(const RegexNode& node, uint32_t next) {
    const RegexNode& child = node.children[0];
    uint32_t begin = next;
    if (node.most < 0) {
      begin = Emit({.kind = Kind::kFork, .other = next});
      const uint32_t body = Node(child, begin);
      program_.instructions[begin].next = body;
    } else {
      for (int i = node.least; i < node.most; ++i)
        begin = Emit({.kind = Kind::kFork, .next = Node(child, begin), .other = next});
    }
    for (int i = 0; i < node.least; ++i) {
      const uint32_t behind = begin;
      begin = Node(child, behind);
      if (begin == behind) break;  // the child takes nothing: to repeat it adds nothing
    }
    return begin;
  }

  RegexProgram program_;
};

}  // namespace

RegexProgram Compile(const RegexNode& tree) { return Compiler().Compile(tree); }

}  // namespace lamina::text
