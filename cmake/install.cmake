# What is installed, by component:
#   server   bin/lamina, bin/ie_serving, lib/libcpu_extension*.so, start_server.sh
#   engine   lib/openvino: OpenVINO's libraries as far as a CPU needs them
#   (others) the SDK: headers, CMake package, sources and examples for build_samples.sh; see sdk/ and examples/
if(TARGET lamina_cli)
  set_target_properties(lamina_cli PROPERTIES INSTALL_RPATH "$ORIGIN/../lib/openvino:$ORIGIN/../lib")
  install(TARGETS lamina_cli RUNTIME COMPONENT server)
  install(CODE "file(CREATE_LINK lamina \$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/bin/ie_serving SYMBOLIC)" COMPONENT server)
  install(PROGRAMS deploy/start_server.sh DESTINATION share/lamina COMPONENT server)
endif()

# Not through GNUInstallDirs: the server looks for its own library in ../lib, wherever it lies.
install(DIRECTORY ${PROJECT_BINARY_DIR}/lib/ DESTINATION lib COMPONENT server
  FILES_MATCHING PATTERN "libcpu_extension*.so")

set(engine_libraries
  openvino openvino_onnx_frontend openvino_ir_frontend openvino_paddle_frontend openvino_tensorflow_frontend
  openvino_tensorflow_lite_frontend)
foreach(library ${engine_libraries})
  file(GLOB found ${LAMINA_OPENVINO_LIBS}/lib${library}.so.*)
  install(FILES ${found} DESTINATION lib/openvino COMPONENT engine)
endforeach()
file(GLOB found ${LAMINA_OPENVINO_LIBS}/libopenvino_intel_cpu_plugin.so ${LAMINA_OPENVINO_LIBS}/libtbb.so.*
  ${LAMINA_OPENVINO_LIBS}/libtbbmalloc.so.* ${LAMINA_OPENVINO_LIBS}/libtbbbind_2_5.so.* ${LAMINA_OPENVINO_LIBS}/libhwloc.so.*)
install(FILES ${found} DESTINATION lib/openvino COMPONENT engine)
