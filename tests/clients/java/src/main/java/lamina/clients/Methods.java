package lamina.clients;

import com.google.protobuf.Message;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse;
import inference.Inference.ModelInferRequest;
import inference.Inference.ModelInferResponse;
import inference.Inference.ModelStreamInferResponse;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.protobuf.ProtoUtils;
import tensorflow.serving.Predict.PredictRequest;
import tensorflow.serving.Predict.PredictResponse;

/** What grpc-java's plugin for protoc would generate: the methods that are called here. */
final class Methods {
  static final MethodDescriptor<ModelInferRequest, ModelInferResponse> MODEL_INFER =
      method(MethodType.UNARY, "inference.GRPCInferenceService/ModelInfer",
          ModelInferRequest.getDefaultInstance(), ModelInferResponse.getDefaultInstance());
  static final MethodDescriptor<ModelInferRequest, ModelStreamInferResponse> MODEL_STREAM_INFER =
      method(MethodType.BIDI_STREAMING, "inference.GRPCInferenceService/ModelStreamInfer",
          ModelInferRequest.getDefaultInstance(), ModelStreamInferResponse.getDefaultInstance());
  static final MethodDescriptor<PredictRequest, PredictResponse> PREDICT =
      method(MethodType.UNARY, "tensorflow.serving.PredictionService/Predict",
          PredictRequest.getDefaultInstance(), PredictResponse.getDefaultInstance());
  static final MethodDescriptor<HealthCheckRequest, HealthCheckResponse> HEALTH_CHECK =
      method(MethodType.UNARY, "grpc.health.v1.Health/Check",
          HealthCheckRequest.getDefaultInstance(), HealthCheckResponse.getDefaultInstance());

  private Methods() {}

  private static <Q extends Message, A extends Message> MethodDescriptor<Q, A> method(
      MethodType type, String name, Q request, A response) {
    return MethodDescriptor.<Q, A>newBuilder()
        .setType(type)
        .setFullMethodName(name)
        .setRequestMarshaller(ProtoUtils.marshaller(request))
        .setResponseMarshaller(ProtoUtils.marshaller(response))
        .build();
  }
}
