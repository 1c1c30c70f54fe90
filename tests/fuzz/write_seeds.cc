// What the fuzzers begin with: the tables of tricky messages, models, and nodes, one file each.
//     fuzz_seeds FOLDER   writes FOLDER/{model_infer,predict,prepare,node_blob}/*

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "server/protocols/reference/wire_cases.h"
#include "tests/fuzz/model_seeds.h"
#include "tests/fuzz/node_seeds.h"

namespace {

bool Write(const std::filesystem::path& folder, const std::map<std::string, std::string>& seeds) {
  std::filesystem::create_directories(folder);
  for (const auto& [name, bytes] : seeds) {
    std::ofstream file(folder / ("seed_" + name), std::ios::binary);
    file << bytes;
    if (!file.flush()) {
      std::fprintf(stderr, "cannot write %s; is the disk full?\n", (folder / "seed_").c_str());
      return false;
    }
  }
  return true;
}

std::map<std::string, std::string> Numbered(const std::vector<lamina::server::WireCase>& cases) {
  std::map<std::string, std::string> seeds;
  for (size_t i = 0; i < cases.size(); ++i) seeds[std::to_string(i)] = cases[i].bytes;
  return seeds;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: fuzz_seeds FOLDER\n");
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  const bool written = Write(folder / "model_infer", Numbered(lamina::server::ModelInferCases())) &&
                       Write(folder / "predict", Numbered(lamina::server::PredictCases())) &&
                       Write(folder / "prepare", lamina::PrepareSeeds()) &&
                       Write(folder / "node_blob", lamina::NodeSeeds());
  return written ? 0 : 1;
}
