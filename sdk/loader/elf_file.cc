#include "sdk/loader/elf_file.h"

#include <elf.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "sdk/loader/error.h"

namespace lamina::loader {
namespace {

constexpr uint64_t kMaxFile = uint64_t{1} << 31;
constexpr uint64_t kMaxString = 64 << 10;
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

}  // namespace

void ElfFile::Damaged(const std::string& what) const {
  throw LoadError("'" + path_ + "' is damaged: " + what + "; build or copy it again");
}

template <class T>
T ElfFile::At(uint64_t offset) const {
  if (offset > bytes_.size() || bytes_.size() - offset < sizeof(T)) Damaged("it ends too early");
  T value;
  std::memcpy(&value, bytes_.data() + offset, sizeof(T));
  return value;
}

ElfFile::ElfFile(const std::string& path) : path_(path), bytes_(ReadFile(path)) {
  if (bytes_.size() < sizeof(Elf64_Ehdr) || std::memcmp(bytes_.data(), ELFMAG, SELFMAG) != 0) {
    throw LoadError("'" + path + "' is not a shared library: it does not begin as an ELF file does; name the .so file");
  }
  const auto header = At<Elf64_Ehdr>(0);
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
  const auto header = At<Elf64_Ehdr>(0);
  std::optional<Elf64_Phdr> dynamic;
  for (int i = 0; i < header.e_phnum; ++i) {
    const auto segment = At<Elf64_Phdr>(header.e_phoff + uint64_t(i) * sizeof(Elf64_Phdr));
    if (segment.p_type == PT_LOAD) segments_.push_back({segment.p_vaddr, segment.p_offset, segment.p_filesz});
    if (segment.p_type == PT_DYNAMIC) dynamic = segment;
    if (segment.p_type == PT_GNU_PROPERTY) ReadProperties(segment.p_offset, segment.p_filesz);
  }
  if (!dynamic) Damaged("it has no dynamic section");
  ReadDynamic(dynamic->p_offset, dynamic->p_filesz);
}

void ElfFile::ReadDynamic(uint64_t offset, uint64_t size) {
  uint64_t symbols = 0, strings = 0, strings_size = 0, rela = 0, rela_size = 0, gnu_hash = 0, hash = 0;
  std::vector<uint64_t> needed;  // offsets in `strings`
  std::optional<uint64_t> run_path;
  for (uint64_t at = 0; at + sizeof(Elf64_Dyn) <= size; at += sizeof(Elf64_Dyn)) {
    const auto entry = At<Elf64_Dyn>(offset + at);
    switch (entry.d_tag) {
      case DT_NULL: at = size; break;
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
  for (const uint64_t name : needed) needed_.push_back(String(strings + name));
  if (run_path) run_path_ = String(strings + *run_path);
  if (rela_size) ReadRelocations(rela, rela_size);
  if (symbols && (gnu_hash || hash)) ReadSymbols(symbols, CountSymbols(gnu_hash, hash), strings, strings_size);
}

// Pointers between parts of one library are RELATIVE relocations. Packed ones (RELR) leave the value in place, where
// Pointer finds it.
void ElfFile::ReadRelocations(uint64_t address, uint64_t size) {
  const auto table = Bytes(address, size);
  for (uint64_t at = 0; at + sizeof(Elf64_Rela) <= size; at += sizeof(Elf64_Rela)) {
    Elf64_Rela entry;
    std::memcpy(&entry, table.data() + at, sizeof(entry));
    if (ELF64_R_TYPE(entry.r_info) == R_X86_64_RELATIVE) relative_[entry.r_offset] = entry.r_addend;
  }
}

// The dynamic symbol table does not say how long it is; its hash table does.
uint64_t ElfFile::CountSymbols(uint64_t gnu_hash, uint64_t hash) const {
  if (hash) return Read<uint32_t>(hash + 4);
  const uint32_t buckets = Read<uint32_t>(gnu_hash), first = Read<uint32_t>(gnu_hash + 4);
  const uint32_t bloom = Read<uint32_t>(gnu_hash + 8);
  const uint64_t bucket_at = gnu_hash + 16 + uint64_t{bloom} * 8, chain_at = bucket_at + uint64_t{buckets} * 4;
  uint32_t last = 0;
  for (uint64_t i = 0; i < buckets; ++i) last = std::max(last, Read<uint32_t>(bucket_at + i * 4));
  if (last < first) return first;
  while (!(Read<uint32_t>(chain_at + (uint64_t{last} - first) * 4) & 1)) ++last;
  return uint64_t{last} + 1;
}

void ElfFile::ReadSymbols(uint64_t address, uint64_t count, uint64_t strings, uint64_t strings_size) {
  const auto table = Bytes(address, count * sizeof(Elf64_Sym));
  const auto text = Bytes(strings, strings_size);
  if (text.empty() || text.back() != 0) Damaged("its symbol names are not terminated");
  for (uint64_t i = 1; i < count; ++i) {
    Elf64_Sym symbol;
    std::memcpy(&symbol, table.data() + i * sizeof(symbol), sizeof(symbol));
    if (symbol.st_name >= text.size()) Damaged("a symbol's name is outside of its string table");
    names_.emplace_back(reinterpret_cast<const char*>(text.data()) + symbol.st_name);
    if (symbol.st_shndx != SHN_UNDEF) defined_[names_.back()] = symbol.st_value;
  }
}

void ElfFile::ReadProperties(uint64_t offset, uint64_t size) {
  constexpr uint64_t kNoteHeader = 16;  // three words and "GNU\0"
  uint64_t at = offset + kNoteHeader;
  while (at + 8 <= offset + size) {
    const uint32_t type = At<uint32_t>(at), length = At<uint32_t>(at + 4);
    if (type == kIsaNeeded && length == 4) {
      const uint32_t needed = At<uint32_t>(at + 8);
      for (int level = 1; level <= 4; ++level) {
        if (needed >> (level - 1) & 1) isa_level_ = level;
      }
    }
    at += 8 + (uint64_t{length} + 7) / 8 * 8;
  }
}

std::optional<uint64_t> ElfFile::FindSymbol(std::string_view name) const {
  const auto found = defined_.find(std::string(name));
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
    if (offset < s.offset || offset > bytes_.size() || bytes_.size() - offset < size) Damaged("it ends too early");
    return std::span(bytes_).subspan(offset, size);
  }
  Damaged("it points outside of itself");
}

uint64_t ElfFile::Pointer(uint64_t address) const {
  const auto found = relative_.find(address);
  return found != relative_.end() ? found->second : Read<uint64_t>(address);
}

std::string ElfFile::String(uint64_t address) const {
  std::string text;
  for (; text.size() <= kMaxString; ++address) {
    const char c = char(Bytes(address, 1)[0]);
    if (c == 0) return text;
    text += c;
  }
  Damaged("a text in it has no end");
}

}  // namespace lamina::loader
