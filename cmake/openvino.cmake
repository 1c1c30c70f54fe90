# OpenVINO comes from its PyPI wheel, which holds headers, CMake files and libraries.
if(NOT OpenVINO_DIR)
  execute_process(COMMAND ${LAMINA_PYTHON} -c "from openvino.utils import get_cmake_path; print(get_cmake_path())"
    OUTPUT_VARIABLE found OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "No OpenVINO: '${LAMINA_PYTHON}' cannot import openvino. Run scripts/setup.sh, or give -DOpenVINO_DIR=<the folder of OpenVINOConfig.cmake>.")
  endif()
  set(OpenVINO_DIR ${found} CACHE PATH "The folder of OpenVINOConfig.cmake")
endif()
find_package(OpenVINO 2026.4 REQUIRED COMPONENTS Runtime ONNX)
get_filename_component(LAMINA_OPENVINO_LIBS ${OpenVINO_DIR}/../libs ABSOLUTE)
