# The project's own CMake functions: how a target, a test and a benchmark of ours are made.

# What every target of ours is compiled with: warnings as errors, hidden symbols, no unique symbols (a library with
# them stays mapped after dlclose, and its next generation would bind to the old one's).
add_library(lamina_options INTERFACE)
add_library(lamina::options ALIAS lamina_options)
target_compile_features(lamina_options INTERFACE cxx_std_20)
target_compile_options(lamina_options INTERFACE
  -Wall -Wextra -Wno-missing-field-initializers
  $<$<BOOL:${LAMINA_WERROR}>:-Werror>
  $<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>  # gcc 12 warns wrongly of string + string (its bug 105651)
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety -Wno-unknown-warning-option>)
if(LAMINA_SANITIZE)
  target_compile_options(lamina_options INTERFACE -fsanitize=${LAMINA_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  target_link_options(lamina_options INTERFACE -fsanitize=${LAMINA_SANITIZE})
  configure_file(${PROJECT_SOURCE_DIR}/cmake/sanitizers/environment.in ${PROJECT_BINARY_DIR}/sanitizers.env @ONLY)
  file(STRINGS ${PROJECT_BINARY_DIR}/sanitizers.env LAMINA_SANITIZERS_ENVIRONMENT REGEX "^[A-Z]")
endif()

# So that libFuzzer sees which branches an input takes.
if(LAMINA_FUZZ)
  target_compile_options(lamina_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# lamina_add_library(name [STATIC|SHARED|MODULE|INTERFACE] SOURCES a.cc ... [LINK lib ...] [PUBLIC_LINK lib ...])
# makes the target lamina_<name> with the alias lamina::<name>; includes are written from the project's root.
function(lamina_add_library name)
  cmake_parse_arguments(A "STATIC;SHARED;MODULE;INTERFACE" "" "SOURCES;LINK;PUBLIC_LINK" ${ARGN})
  set(kind STATIC)
  foreach(k SHARED MODULE INTERFACE)
    if(A_${k})
      set(kind ${k})
    endif()
  endforeach()
  add_library(lamina_${name} ${kind} ${A_SOURCES})
  add_library(lamina::${name} ALIAS lamina_${name})
  if(kind STREQUAL INTERFACE)
    target_include_directories(lamina_${name} INTERFACE ${PROJECT_SOURCE_DIR})
    target_link_libraries(lamina_${name} INTERFACE ${A_LINK} ${A_PUBLIC_LINK})
    return()
  endif()
  target_include_directories(lamina_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  set_target_properties(lamina_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  target_link_libraries(lamina_${name} PRIVATE lamina::options ${A_LINK} PUBLIC ${A_PUBLIC_LINK})
endfunction()

# What tests are compiled with besides. At -O1, as at -O3 GoogleTest's templates take half as long again; what they test is in
# libraries, which are compiled as they ship. The definition is GCC's default: OpenVINO's targets bring it to some tests, and a
# precompiled header is for tests that have the same ones. ccache asks for -fpch-preprocess.
add_library(lamina_test_options INTERFACE)
add_library(lamina::test_options ALIAS lamina_test_options)
target_link_libraries(lamina_test_options INTERFACE lamina::options)
target_compile_options(lamina_test_options INTERFACE
  $<$<CONFIG:Release>:-O1>
  $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
target_compile_definitions(lamina_test_options INTERFACE _GLIBCXX_USE_CXX11_ABI=1)

# GoogleTest, parsed once for all tests. Not with clang, so that a build shows what a test forgot to include.
if(BUILD_TESTING AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  add_library(lamina_test_prelude OBJECT ${PROJECT_SOURCE_DIR}/cmake/test_prelude.cc)
  target_link_libraries(lamina_test_prelude PRIVATE lamina::test_options GTest::gmock)
  target_precompile_headers(lamina_test_prelude PRIVATE <gmock/gmock.h>)
endif()

# lamina_add_test(name SOURCES x_test.cc ... LINK lib ...): a GoogleTest program, one ctest entry.
function(lamina_add_test name)
  cmake_parse_arguments(A "" "TIMEOUT" "SOURCES;LINK;ENVIRONMENT;LABELS" ${ARGN})
  if(NOT BUILD_TESTING)
    return()
  endif()
  add_executable(${name} ${A_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE lamina::test_options ${A_LINK} GTest::gmock GTest::gtest_main)
  if(TARGET lamina_test_prelude)
    target_precompile_headers(${name} REUSE_FROM lamina_test_prelude)
  endif()
  if(CMAKE_CXX_CLANG_TIDY)  # a test need not be fast, knows its own sizes, and compares floats by their bytes
    set_target_properties(${name} PROPERTIES CXX_CLANG_TIDY
      "${CMAKE_CXX_CLANG_TIDY};--checks=-performance-*,-bugprone-implicit-widening-of-multiplication-result,-bugprone-suspicious-memory-comparison")
  endif()
  add_test(NAME ${name} COMMAND ${name})
  if(NOT A_TIMEOUT)
    set(A_TIMEOUT 300)
  endif()
  list(APPEND A_ENVIRONMENT ${LAMINA_SANITIZERS_ENVIRONMENT})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${A_TIMEOUT} ENVIRONMENT "${A_ENVIRONMENT}" LABELS "${A_LABELS}")
endfunction()

# lamina_add_benchmark(name SOURCES x_bench.cc ... LINK lib ...): a Google Benchmark program, never a test.
function(lamina_add_benchmark name)
  cmake_parse_arguments(A "" "" "SOURCES;LINK" ${ARGN})
  if(NOT LAMINA_BENCHMARKS)
    return()
  endif()
  add_executable(${name} ${A_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE lamina::options ${A_LINK} benchmark::benchmark_main)
endfunction()

# lamina_add_fuzzer(name SOURCES x_fuzz.cc ... LINK lib ...): a libFuzzer program, which runs until it is stopped.
function(lamina_add_fuzzer name)
  cmake_parse_arguments(A "" "" "SOURCES;LINK" ${ARGN})
  if(NOT LAMINA_FUZZ)
    return()
  endif()
  add_executable(${name} ${A_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE lamina::options ${A_LINK})
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
endfunction()
