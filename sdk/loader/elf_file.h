// ElfFile: a shared library as bytes, read without loading it. Everything in it is checked before it is followed, so
// that a truncated or hostile file gives an error and nothing worse.
//
// Not changed after construction; safe to read from several threads.
#ifndef LAMINA_SDK_LOADER_ELF_FILE_H_
#define LAMINA_SDK_LOADER_ELF_FILE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace lamina::loader {

class ElfFile {
 public:
  /// Reads and checks the file. Throws LoadError: missing, a directory, not ELF, not an x86-64 shared library, damaged.
  explicit ElfFile(const std::string& path);
  ElfFile(const ElfFile&) = delete;
  ElfFile& operator=(const ElfFile&) = delete;

  /// The address of an exported symbol.
  std::optional<uint64_t> FindSymbol(std::string_view name) const;
  /// True if an exported or imported symbol's name contains the part.
  bool NamesSymbol(std::string_view part) const;

  /// The memory image from an address on, as the file gives it (pointers are not relocated).
  /// Throws LoadError if it is not all in the file.
  std::span<const uint8_t> Bytes(uint64_t address, uint64_t size) const;
  /// The pointer at an address, relocated.
  uint64_t Pointer(uint64_t address) const;
  /// The zero-terminated string at an address; longer than 64 KiB is an error.
  std::string String(uint64_t address) const;
  template <class T>
  T Read(uint64_t address) const {
    T value;
    __builtin_memcpy(&value, Bytes(address, sizeof(T)).data(), sizeof(T));
    return value;
  }

  /// The x86-64 level that the file says it needs (GNU property ISA_1_NEEDED): 1 to 4, 1 if it does not say.
  int isa_level() const { return isa_level_; }
  /// The file names of the libraries that it is linked with, and where it looks for them.
  const std::vector<std::string>& needed() const { return needed_; }
  const std::string& run_path() const { return run_path_; }

 private:
  struct Segment {
    uint64_t address, offset, size;
  };

  std::span<const uint8_t> InFile(uint64_t offset, uint64_t size) const;
  std::span<const uint8_t> FromAddress(uint64_t address) const;
  void ReadSegments();
  void ReadDynamic(uint64_t offset, uint64_t size);
  void ReadRelocations(uint64_t address, uint64_t size);
  uint64_t CountSymbols(uint64_t gnu_hash, uint64_t hash) const;
  void ReadSymbols(uint64_t address, uint64_t count, uint64_t strings, uint64_t strings_size);
  void ReadProperties(uint64_t offset, uint64_t size);
  [[noreturn]] void Damaged(const std::string& what) const;

  std::string path_;
  std::vector<uint8_t> bytes_;
  std::vector<Segment> segments_;
  std::unordered_map<uint64_t, uint64_t> relative_;  // address -> what the pointer there becomes, before the base
  std::unordered_map<std::string_view, uint64_t> defined_;  // names are in bytes_
  std::vector<std::string_view> names_;
  int isa_level_ = 1;
  std::vector<std::string> needed_;
  std::string run_path_;
};

}  // namespace lamina::loader

#endif  // LAMINA_SDK_LOADER_ELF_FILE_H_
