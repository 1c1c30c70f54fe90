# find_package(lamina) gives the target lamina::sdk and the function lamina_layer_library.
include(${CMAKE_CURRENT_LIST_DIR}/lamina-targets.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/lamina_layer_library.cmake)
