#ifndef LAMINA_SERVER_TRANSPORT_HEADER_LIST_H_
#define LAMINA_SERVER_TRANSPORT_HEADER_LIST_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "server/protocols/http/http.h"

namespace lamina::server {

/// The headers of one request, all in one piece of memory. Used by one thread, or by many once it is complete.
class HeaderList {
 public:
  /// What a header counts besides its own bytes, as in HTTP/2's SETTINGS_MAX_HEADER_LIST_SIZE.
  static constexpr size_t kEntryBytes = 32;

  /// `name` in any case; it is kept in lower case.
  void AddAsSent(std::string_view name, std::string_view value) {
    Add(name, value);
    char* const begin = text_.data() + entries_.back().offset;
    // Without a table, so that the compiler makes vectors of it.
    const auto lower = [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c); };
    std::transform(begin, begin + name.size(), begin, lower);
  }

  /// `name` in lower case.
  void Add(std::string_view name, std::string_view value) {
    if (entries_.empty()) {
      entries_.reserve(kUsualEntries);
      text_.reserve(kUsualBytes);
    }
    entries_.push_back(
        {static_cast<uint32_t>(text_.size()), static_cast<uint32_t>(name.size()), static_cast<uint32_t>(value.size())});
    text_.append(name).append(value);
  }

  void Clear() {
    text_.clear();
    entries_.clear();
  }

  /// What all of them count.
  size_t size() const { return text_.size() + kEntryBytes * entries_.size(); }

  /// The first of this name, or "". Valid until more are added.
  std::string_view Get(std::string_view name) const {
    for (const Entry& entry : entries_) {
      if (Name(entry) == name) return Value(entry);
    }
    return {};
  }

  /// All but those of HTTP/2's own, which begin with ':', into `views`. Valid until more are added.
  void GetViews(std::vector<HttpHeader>& views) const {
    views.clear();
    views.reserve(entries_.size());
    for (const Entry& entry : entries_) {
      if (!Name(entry).starts_with(':')) views.push_back({Name(entry), Value(entry)});
    }
  }

 private:
  // Few requests have more, so that memory is taken once.
  static constexpr size_t kUsualEntries = 16, kUsualBytes = 512;

  struct Entry {
    uint32_t offset, name_size, value_size;
  };

  std::string_view Name(const Entry& entry) const {
    return std::string_view(text_).substr(entry.offset, entry.name_size);
  }
  std::string_view Value(const Entry& entry) const {
    return std::string_view(text_).substr(entry.offset + entry.name_size, entry.value_size);
  }

  std::string text_;
  std::vector<Entry> entries_;
};

}  // namespace lamina::server

#endif  // LAMINA_SERVER_TRANSPORT_HEADER_LIST_H_
