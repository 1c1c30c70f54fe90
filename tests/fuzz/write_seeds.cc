// What the fuzzers begin with: the table of tricky messages, one file each.
//     fuzz_seeds FOLDER   writes FOLDER/model_infer/* and FOLDER/predict/*

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "server/protocols/reference/wire_cases.h"

namespace {

bool Write(const std::filesystem::path& folder, const std::vector<lamina::server::WireCase>& cases) {
  std::filesystem::create_directories(folder);
  for (size_t i = 0; i < cases.size(); ++i) {
    std::ofstream file(folder / ("seed_" + std::to_string(i)), std::ios::binary);
    file << cases[i].bytes;
    if (!file.flush()) {
      std::fprintf(stderr, "cannot write %s; is the disk full?\n", (folder / "seed_").c_str());
      return false;
    }
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: fuzz_seeds FOLDER\n");
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  const bool written = Write(folder / "model_infer", lamina::server::ModelInferCases()) &&
                       Write(folder / "predict", lamina::server::PredictCases());
  return written ? 0 : 1;
}
