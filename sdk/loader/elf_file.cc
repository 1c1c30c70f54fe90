#include "sdk/loader/elf_file.h"

#include <elf.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "sdk/loader/error.h"

namespace lamina::loader {
namespace {

constexpr uint64_t kMaxFile = uint64_t{1} << 31;
constexpr uint64_t kMaxString = 64 << 10;
constexpr uint64_t kMaxNames = uint64_t{1} << 31;  // bytes of all symbols' names, which may share their ends
constexpr size_t kMaxSegments = 1024;              // linkers make about five
constexpr size_t kMaxNeeded = 1024;
constexpr uint32_t kIsaNeeded = 0xc0008002;  // GNU_PROPERTY_X86_ISA_1_NEEDED

std::vector<uint8_t> ReadFile(const std::string& path) {
  struct stat status;
  if (stat(path.c_str(), &status) != 0) {
    throw LoadError("'" + path + "': " + std::strerror(errno) + "; check the path");
  }
  if (S_ISDIR(status.st_mode)) {
    throw LoadError("'" + path + "' is a directory, expected a shared library; name the .so file in it");
  }
  if (!S_ISREG(status.st_mode)) throw LoadError("'" + path + "' is not a regular file, expected a shared library");
  if (uint64_t(status.st_size) > kMaxFile) throw LoadError("'" + path + "' is larger than 2 GiB");
  std::vector<uint8_t> bytes(status.st_size);
  std::ifstream in(path, std::ios::binary);
  if (!in || !in.read(reinterpret_cast<char*>(bytes.data()), bytes.size())) {
    throw LoadError("'" + path + "' cannot be read: " + std::strerror(errno) + "; check its permissions");
  }
  return bytes;
}

/// The i-th entry of a table. REQUIRES: it is in there.
template <class T>
T Entry(std::span<const uint8_t> table, uint64_t i) {
  T value;
  std::memcpy(&value, table.data() + i * sizeof(T), sizeof(T));
  return value;
}

}  // namespace

void ElfFile::Damaged(const std::string& what) const {
  throw LoadError("'" + path_ + "' is damaged: " + what + "; build or copy it again");
}

std::span<const uint8_t> ElfFile::InFile(uint64_t offset, uint64_t size) const {
  if (offset > bytes_.size() || bytes_.size() - offset < size) Damaged("it ends too early");
  return std::span(bytes_).subspan(offset, size);
}

ElfFile::ElfFile(const std::string& path) : path_(path), bytes_(ReadFile(path)) {
  if (bytes_.size() < sizeof(Elf64_Ehdr) || std::memcmp(bytes_.data(), ELFMAG, SELFMAG) != 0) {
    throw LoadError("'" + path + "' is not a shared library: it does not begin as an ELF file does; name the .so file");
  }
  const auto header = Entry<Elf64_Ehdr>(bytes_, 0);
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_machine != EM_X86_64) {
    throw LoadError("'" + path + "' is for another machine (ELF machine " + std::to_string(header.e_machine) +
                    "), expected x86-64; build it for this machine");
  }
  if (header.e_type != ET_DYN) {
    throw LoadError("'" + path + "' is not a shared library (ELF type " + std::to_string(header.e_type) +
                    "); link it with -shared");
  }
  ReadSegments();
}

void ElfFile::ReadSegments() {
  const auto header = Entry<Elf64_Ehdr>(bytes_, 0);
  const auto table = InFile(header.e_phoff, header.e_phnum * sizeof(Elf64_Phdr));
  std::optional<Elf64_Phdr> dynamic, properties;
  for (uint64_t i = 0; i < header.e_phnum; ++i) {
    const auto segment = Entry<Elf64_Phdr>(table, i);
    if (segment.p_type == PT_LOAD) segments_.push_back({segment.p_vaddr, segment.p_offset, segment.p_filesz});
    if (segment.p_type == PT_DYNAMIC) dynamic = segment;
    if (segment.p_type == PT_GNU_PROPERTY) properties = segment;
  }
  if (segments_.size() > kMaxSegments) Damaged("it has too many segments");
  if (properties) ReadProperties(properties->p_offset, properties->p_filesz);
  if (!dynamic) Damaged("it has no dynamic section");
  ReadDynamic(dynamic->p_offset, dynamic->p_filesz);
}

void ElfFile::ReadDynamic(uint64_t offset, uint64_t size) {
  uint64_t symbols = 0, strings = 0, strings_size = 0, rela = 0, rela_size = 0, gnu_hash = 0, hash = 0;
  std::vector<uint64_t> needed;  // offsets in `strings`
  std::optional<uint64_t> run_path;
  const auto table = InFile(offset, size);
  for (uint64_t i = 0; i < size / sizeof(Elf64_Dyn); ++i) {
    const auto entry = Entry<Elf64_Dyn>(table, i);
    if (entry.d_tag == DT_NULL) break;
    switch (entry.d_tag) {
      case DT_SYMTAB: symbols = entry.d_un.d_ptr; break;
      case DT_STRTAB: strings = entry.d_un.d_ptr; break;
      case DT_STRSZ: strings_size = entry.d_un.d_val; break;
      case DT_RELA: rela = entry.d_un.d_ptr; break;
      case DT_RELASZ: rela_size = entry.d_un.d_val; break;
      case DT_GNU_HASH: gnu_hash = entry.d_un.d_ptr; break;
      case DT_HASH: hash = entry.d_un.d_ptr; break;
      case DT_NEEDED: needed.push_back(entry.d_un.d_val); break;
      case DT_RPATH: run_path = run_path.value_or(entry.d_un.d_val); break;
      case DT_RUNPATH: run_path = entry.d_un.d_val; break;
    }
  }
  if (needed.size() > kMaxNeeded) Damaged("it needs too many libraries");
  for (const uint64_t name : needed) needed_.push_back(String(strings + name));
  if (run_path) run_path_ = String(strings + *run_path);
  if (rela_size) ReadRelocations(rela, rela_size);
  if (symbols && (gnu_hash || hash)) ReadSymbols(symbols, CountSymbols(gnu_hash, hash), strings, strings_size);
}

// Pointers between parts of one library are RELATIVE relocations. Packed ones (RELR) leave the value in place, where
// Pointer finds it.
void ElfFile::ReadRelocations(uint64_t address, uint64_t size) {
  const auto table = Bytes(address, size);
  for (uint64_t i = 0; i < size / sizeof(Elf64_Rela); ++i) {
    const auto entry = Entry<Elf64_Rela>(table, i);
    if (ELF64_R_TYPE(entry.r_info) == R_X86_64_RELATIVE) relative_[entry.r_offset] = entry.r_addend;
  }
}

// The dynamic symbol table does not say how long it is; its hash table does.
uint64_t ElfFile::CountSymbols(uint64_t gnu_hash, uint64_t hash) const {
  if (hash) return Read<uint32_t>(hash + 4);
  const uint32_t buckets = Read<uint32_t>(gnu_hash), first = Read<uint32_t>(gnu_hash + 4);
  const uint32_t bloom = Read<uint32_t>(gnu_hash + 8);
  const uint64_t bucket_at = gnu_hash + 16 + uint64_t{bloom} * 8, chain_at = bucket_at + uint64_t{buckets} * 4;
  const auto table = Bytes(bucket_at, uint64_t{buckets} * 4);
  uint32_t last = 0;
  for (uint64_t i = 0; i < buckets; ++i) last = std::max(last, Entry<uint32_t>(table, i));
  if (last < first) return first;
  const auto chain = FromAddress(chain_at);
  for (uint64_t i = last - first; i < chain.size() / 4; ++i) {
    if (Entry<uint32_t>(chain, i) & 1) return first + i + 1;
  }
  Damaged("its table of symbols has no end");
}

void ElfFile::ReadSymbols(uint64_t address, uint64_t count, uint64_t strings, uint64_t strings_size) {
  const auto table = Bytes(address, count * sizeof(Elf64_Sym));
  const auto text = Bytes(strings, strings_size);
  if (text.empty() || text.back() != 0) Damaged("its symbol names are not terminated");
  uint64_t names = 0;
  for (uint64_t i = 1; i < count; ++i) {
    const auto symbol = Entry<Elf64_Sym>(table, i);
    if (symbol.st_name >= text.size()) Damaged("a symbol's name is outside of its string table");
    names_.emplace_back(reinterpret_cast<const char*>(text.data()) + symbol.st_name);
    names += names_.back().size();
    if (names > kMaxNames) Damaged("its symbols' names are longer than any library's");
    if (symbol.st_shndx != SHN_UNDEF) defined_[names_.back()] = symbol.st_value;
  }
}

void ElfFile::ReadProperties(uint64_t offset, uint64_t size) {
  constexpr uint64_t kNoteHeader = 16;  // three words and "GNU\0"
  const auto note = InFile(offset, size);
  for (uint64_t at = kNoteHeader; at + 8 <= note.size();) {
    const auto type = Entry<uint32_t>(note.subspan(at), 0), length = Entry<uint32_t>(note.subspan(at), 1);
    if (type == kIsaNeeded && length == 4 && at + 12 <= note.size()) {
      const auto needed = Entry<uint32_t>(note.subspan(at), 2);
      for (int level = 1; level <= 4; ++level) {
        if (needed >> (level - 1) & 1) isa_level_ = level;
      }
    }
    at += 8 + (uint64_t{length} + 7) / 8 * 8;
  }
}

std::optional<uint64_t> ElfFile::FindSymbol(std::string_view name) const {
  const auto found = defined_.find(name);
  if (found == defined_.end()) return std::nullopt;
  return found->second;
}

bool ElfFile::NamesSymbol(std::string_view part) const {
  for (const auto& name : names_) {
    if (name.find(part) != std::string::npos) return true;
  }
  return false;
}

std::span<const uint8_t> ElfFile::Bytes(uint64_t address, uint64_t size) const {
  for (const auto& s : segments_) {
    if (address < s.address || address - s.address > s.size || s.size - (address - s.address) < size) continue;
    const uint64_t offset = s.offset + (address - s.address);
    if (offset < s.offset) Damaged("it ends too early");
    return InFile(offset, size);
  }
  Damaged("it points outside of itself");
}

// All that the segment has from the address on.
std::span<const uint8_t> ElfFile::FromAddress(uint64_t address) const {
  for (const auto& s : segments_) {
    if (address >= s.address && address - s.address < s.size) return Bytes(address, s.size - (address - s.address));
  }
  Damaged("it points outside of itself");
}

uint64_t ElfFile::Pointer(uint64_t address) const {
  const auto found = relative_.find(address);
  return found != relative_.end() ? found->second : Read<uint64_t>(address);
}

std::string ElfFile::String(uint64_t address) const {
  auto text = FromAddress(address);
  text = text.first(std::min<uint64_t>(text.size(), kMaxString + 1));
  const auto end = std::find(text.begin(), text.end(), 0);
  if (end == text.end()) Damaged("a text in it has no end");
  return {text.begin(), end};
}

}  // namespace lamina::loader
