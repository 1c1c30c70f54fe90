# libcpu_extension.so for one instruction set: what the flags ask for is in LAMINA_ISAS, as for every library of layers.
# By default one library holds the kernels for all of them and chooses at run time.
include(${PROJECT_SOURCE_DIR}/sdk/cmake/lamina_isa.cmake)

# What compiling for one instruction set takes. Highway compiles for the baseline that the compiler is told and for the
# better targets that are not disabled: none, but that avx512 keeps the form for VBMI (Ice Lake on), chosen at run time.
set(LAMINA_DISABLED_sse42 "(HWY_SSSE3|HWY_AVX2|HWY_AVX3|HWY_AVX3_DL)")
set(LAMINA_DISABLED_avx2 "(HWY_SSSE3|HWY_SSE4|HWY_AVX3|HWY_AVX3_DL)")
set(LAMINA_DISABLED_avx512 "(HWY_SSSE3|HWY_SSE4|HWY_AVX2)")

# lamina_add_for_isa(isa target ...): of each target `lamina_<x>` a copy `lamina_<x>_<isa>`, its objects compiled for the
# instruction set; where the targets use one another, so do the copies.
function(lamina_add_for_isa isa)
  foreach(target ${ARGN})
    get_target_property(directory ${target} SOURCE_DIR)
    get_target_property(sources ${target} SOURCES)
    list(TRANSFORM sources PREPEND ${directory}/)
    add_library(${target}_${isa} OBJECT ${sources})
    foreach(property INCLUDE_DIRECTORIES COMPILE_OPTIONS POSITION_INDEPENDENT_CODE CXX_VISIBILITY_PRESET VISIBILITY_INLINES_HIDDEN)
      get_target_property(value ${target} ${property})
      if(value)
        set_target_properties(${target}_${isa} PROPERTIES ${property} "${value}")
      endif()
    endforeach()
    get_target_property(definitions ${target} COMPILE_DEFINITIONS)
    if(definitions)
      list(FILTER definitions EXCLUDE REGEX "^HWY_(DISABLED_TARGETS|DISABLE_PCLMUL_AES|WANT_AVX3_DL)")
      target_compile_definitions(${target}_${isa} PRIVATE ${definitions})
    endif()
    target_compile_definitions(${target}_${isa} PRIVATE
      HWY_DISABLED_TARGETS=${LAMINA_DISABLED_${isa}} HWY_DISABLE_PCLMUL_AES HWY_WANT_AVX3_DL)
    target_compile_options(${target}_${isa} PRIVATE -march=${LAMINA_MARCH_${isa}})
    get_target_property(libraries ${target} LINK_LIBRARIES)
    foreach(library ${libraries})
      string(REPLACE "lamina::" "lamina_" plain ${library})
      if(plain IN_LIST ARGN)
        set(library ${plain}_${isa})
      endif()
      target_link_libraries(${target}_${isa} PUBLIC ${library})
    endforeach()
  endforeach()
endfunction()
