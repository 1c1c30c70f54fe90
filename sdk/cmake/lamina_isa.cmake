# For which instruction sets libraries are built: ours and those of lamina_layer_library. Without a flag a library is for
# any x86-64 CPU. Each flag gives a library for one instruction set: compiled for it throughout, named after it
# (lib<name>_sse42.so, lib<name>_avx2.so, lib<name>_avx512.so), and refused by the dynamic loader, with words, on a CPU
# that lacks it. Several flags, several libraries.
option(ENABLE_SSE42 "Build libraries for CPUs with SSE4.2 (x86-64-v2)" OFF)
option(ENABLE_AVX2 "Build libraries for CPUs with AVX2 (x86-64-v3)" OFF)
option(ENABLE_AVX512F "Build libraries for CPUs with AVX-512 F, CD, BW, DQ, VL (x86-64-v4)" OFF)
option(ENABLE_NATIVE "Build libraries for the best of these three that this machine has" OFF)

# Sets `result` to the best of sse42, avx2, avx512 that this machine has, by what the compiler says of it.
function(lamina_native_isa result)
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} -march=native -dM -E -x c++ /dev/null
    OUTPUT_VARIABLE macros ERROR_VARIABLE error RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "ENABLE_NATIVE: the compiler does not know this machine's CPU; give ENABLE_SSE42, ENABLE_AVX2 or ENABLE_AVX512F instead. It says: ${error}")
  endif()
  set(needs_avx512 AVX512F AVX512CD AVX512BW AVX512DQ AVX512VL)
  set(needs_avx2 AVX2 FMA BMI2 F16C LZCNT MOVBE)
  set(needs_sse42 SSE4_2 POPCNT)
  foreach(isa avx512 avx2 sse42)
    set(has TRUE)
    foreach(macro ${needs_${isa}})
      if(NOT macros MATCHES "__${macro}__")
        set(has FALSE)
      endif()
    endforeach()
    if(has)
      set(${result} ${isa} PARENT_SCOPE)
      return()
    endif()
  endforeach()
  message(FATAL_ERROR "ENABLE_NATIVE: this machine's CPU lacks SSE4.2, the least that there is a library for; leave the flag out")
endfunction()

# What the flags ask for, a list of sse42, avx2, avx512; empty: the libraries for any CPU.
set(LAMINA_ISAS "")
foreach(choice "ENABLE_SSE42:sse42" "ENABLE_AVX2:avx2" "ENABLE_AVX512F:avx512")
  string(REPLACE ":" ";" choice ${choice})
  list(GET choice 0 flag)
  if(${flag})
    list(GET choice 1 isa)
    list(APPEND LAMINA_ISAS ${isa})
  endif()
endforeach()
if(ENABLE_NATIVE)
  lamina_native_isa(isa)
  message(STATUS "ENABLE_NATIVE: this machine's CPU has ${isa}")
  list(APPEND LAMINA_ISAS ${isa})
  list(REMOVE_DUPLICATES LAMINA_ISAS)
endif()

# The level that the compiler (-march) and the linker (-z) know each by.
set(LAMINA_MARCH_sse42 x86-64-v2)
set(LAMINA_MARCH_avx2 x86-64-v3)
set(LAMINA_MARCH_avx512 x86-64-v4)
