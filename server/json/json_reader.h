#ifndef LAMINA_SERVER_JSON_JSON_READER_H_
#define LAMINA_SERVER_JSON_JSON_READER_H_

#include <cstddef>
#include <forward_list>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "server/api/derived_memory.h"

namespace lamina::server {

enum class JsonKind { kObject, kArray, kString, kNumber, kBool, kNull, kNone };

/// How errors say where they are: at which byte, for programs; or in which line and column, as editors show them.
enum class JsonPlaces { kBytes, kLines };

/// Reads a JSON text (RFC 8259, nothing more: no NaN, no comments) from front to back and in place, so that a body of
/// many megabytes of numbers takes no memory besides the tensor that they go to.
///
/// Functions return false at an error; from then on all do, and status() says what was expected, and where. The text
/// must outlive the reader. Used by one thread at a time.
///
///     for (reader.BeginObject(); reader.NextMember(key);) { ... one value is read or skipped ... }
///     if (!reader.Finish()) return reader.status();
class JsonReader {
 public:
  /// Arrays and objects inside one another, at most.
  static constexpr int kMaxDepth = 64;

  /// A place to come back to.
  struct Mark {
    size_t position;
    int depth;
    bool first;
  };

  explicit JsonReader(std::string_view text, JsonPlaces places = JsonPlaces::kBytes) : text_(text), places_(places) {}

  JsonReader(const JsonReader&) = delete;
  JsonReader& operator=(const JsonReader&) = delete;

  /// What the next value is, as far as its first character says; kNone when it is none.
  JsonKind Peek();

  bool BeginObject();
  /// Goes to the next member's value; false when there is none left, too.
  bool NextMember(std::string_view& key);
  bool BeginArray();
  /// Goes to the next element; false when there is none left, too.
  bool NextElement();

  /// A view of the text, or, when it has escapes, of memory that lives as long as the reader.
  bool ReadString(std::string_view& value);
  bool ReadBool(bool& value);
  /// An integer type takes integers within its range; float and double take any number that they do not round to
  /// infinity. Defined for the fixed-width integers, float and double.
  template <typename T>
  bool ReadNumber(T& value);
  /// Passes over one value of any kind, checking it.
  bool Skip();
  /// Nothing but white space follows.
  bool Finish();

  Mark Save() const { return {position_, depth_, first_}; }
  void Rewind(Mark mark);

  bool ok() const { return status_.ok(); }
  const absl::Status& status() const { return status_; }
  size_t position() const { return position_; }
  /// Bytes of text that are not read yet.
  size_t left() const { return text_.size() - position_; }

  /// What the text takes besides itself: strings with escapes, and what callers make of it.
  DerivedMemory& memory() { return memory_; }
  /// Takes memory before it is allocated; false: there is none now, and that is the error.
  bool TakeMemory(size_t bytes);

  /// Makes an error of what the caller found wrong at this position, or before it at `position`; returns false.
  bool Fail(std::string_view what) { return Fail(what, position_); }
  bool Fail(std::string_view what, size_t position);
  /// Says before an error that was made where it is: "where: what"; returns false.
  bool FailIn(std::string_view where);
  /// "expected X, got Y", where Y is what comes next.
  bool FailExpected(std::string_view expected);

 private:
  /// Adds to the error what to do about values that JSON does not have.
  void SayBinary();
  void SkipSpace();
  bool Begin(char bracket, std::string_view expected);
  bool Next(char bracket, bool& end);
  bool ReadWord(std::string_view word);
  /// REQUIRES: a quote comes next.
  bool ReadQuoted(std::string_view& value);
  bool Unescape(size_t begin, std::string_view& value);
  bool ReadEscape(std::string& value);
  bool ReadHex4(unsigned& value);
  bool ReadSurrogates(unsigned& code);
  bool CheckText(std::string_view value, size_t begin);
  /// Checks a number's grammar as far as std::from_chars is laxer than JSON.
  bool CheckIntegerPart();
  std::string_view NumberText() const;
  bool SkipNumber();

  template <typename T>
  bool ReadReal(T& value);

  std::string_view text_;
  JsonPlaces places_;
  size_t position_ = 0;
  int depth_ = 0;
  bool first_ = false;  // right behind a bracket that opens
  std::forward_list<std::string> unescaped_;
  DerivedMemory memory_;
  absl::Status status_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_JSON_JSON_READER_H_
