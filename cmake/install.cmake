# What is installed, by component:
#   server       bin/lamina, bin/ie_serving, lib/libcpu_extension*.so, start_server.sh
#   engine       lib/openvino: OpenVINO's libraries as far as a CPU needs them
#   Unspecified  the SDK: headers, CMake package, sources and examples for build_samples.sh; see sdk/ and examples/
if(TARGET lamina_cli)
  set_target_properties(lamina_cli PROPERTIES INSTALL_RPATH "$ORIGIN/../lib/openvino:$ORIGIN/../lib")
  install(TARGETS lamina_cli RUNTIME COMPONENT server)
  install(CODE "file(CREATE_LINK lamina \$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/bin/ie_serving SYMBOLIC)" COMPONENT server)
  install(PROGRAMS deploy/start_server.sh DESTINATION share/lamina COMPONENT server)
endif()

# Not through GNUInstallDirs: the server looks for its own library in ../lib, wherever it lies. OPTIONAL, as those for one
# instruction set are made instead of the default one.
foreach(library cpu_extension cpu_extension_sse42 cpu_extension_avx2 cpu_extension_avx512)
  if(TARGET ${library})
    set_target_properties(${library} PROPERTIES INSTALL_RPATH "$ORIGIN/openvino")
    install(TARGETS ${library} LIBRARY DESTINATION lib COMPONENT server OPTIONAL)
  endif()
endforeach()

set(engine_libraries
  openvino openvino_onnx_frontend openvino_ir_frontend openvino_paddle_frontend openvino_tensorflow_frontend
  openvino_tensorflow_lite_frontend)
foreach(library ${engine_libraries})
  file(GLOB found ${LAMINA_OPENVINO_LIBS}/lib${library}.so.*)
  install(FILES ${found} DESTINATION lib/openvino COMPONENT engine)
endforeach()
foreach(plugin intel_cpu auto auto_batch hetero)  # a model's target_device may be AUTO:CPU, BATCH:CPU, HETERO:CPU
  install(FILES ${LAMINA_OPENVINO_LIBS}/libopenvino_${plugin}_plugin.so DESTINATION lib/openvino COMPONENT engine)
endforeach()
foreach(library tbb tbbmalloc tbbbind_2_5 hwloc)
  file(GLOB found ${LAMINA_OPENVINO_LIBS}/lib${library}.so.*)
  install(FILES ${found} DESTINATION lib/openvino COMPONENT engine)
endforeach()
