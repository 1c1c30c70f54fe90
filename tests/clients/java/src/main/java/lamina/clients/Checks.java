package lamina.clients;

import com.google.common.util.concurrent.ListenableFuture;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse;
import inference.Inference.ModelInferResponse;
import io.grpc.ClientInterceptors;
import io.grpc.ConnectivityState;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import tensorflow.Tensor.TensorProto;
import tensorflow.TensorShape.TensorShapeProto;
import tensorflow.Types.DataType;
import tensorflow.serving.Model.ModelSpec;
import tensorflow.serving.Predict.PredictRequest;
import tensorflow.serving.Predict.PredictResponse;

/** All checks by name. */
final class Checks {
  private Checks() {}

  static Map<String, Check> all() {
    Map<String, Check> checks = new LinkedHashMap<>();
    checks.put("infer", Checks::infer);
    checks.put("error", Checks::error);
    checks.put("deadline", Checks::deadline);
    checks.put("cancellation", Checks::cancellation);
    checks.put("metadata", Checks::metadata);
    checks.put("streaming", Streaming::check);
    checks.put("large_tensor", client -> client.inferTiny(Tensors.values(2 << 20, 4))); // 8 MiB there, 6 MiB back
    checks.put("hundred_calls", Checks::hundredCalls);
    checks.put("compression",
        client -> client.inferTiny(client.channel, Client.within(20_000).withCompression("gzip"), Tensors.values(100_000, 5)));
    checks.put("health", Checks::health);
    checks.put("predict", Checks::predict);
    checks.put("keep_alive", Checks::keepAlive);
    return checks;
  }

  private static void infer(Client client) {
    for (int rows = 1; rows < 20; ++rows) {
      client.inferTiny(Tensors.values(Tensors.ROW * rows, rows));
    }
  }

  /** The message is percent-encoded on its way, as it is neither ASCII nor without a percent sign. */
  private static void error(Client client) {
    String name = "größe 100% 模型";
    String said = Check.refused(
        () -> client.infer(Tensors.request(name, Tensors.values(4, 0)), 10_000), Status.Code.NOT_FOUND);
    Check.expectEqual(said, "Servable not found for request: Specific(" + name + ", 0)");
  }

  private static void deadline(Client client) {
    long began = System.nanoTime();
    Check.refused(() -> client.infer(Tensors.slowRequest(), 100), Status.Code.DEADLINE_EXCEEDED);
    long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    Check.expectEqual(took < 1000 ? "soon" : took + " ms", "soon");
    client.inferTiny(Tensors.values(8, 1));
  }

  private static void cancellation(Client client) {
    ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
    try (Context.CancellableContext context = Context.current().withCancellation()) {
      later.schedule(() -> context.cancel(null), 100, TimeUnit.MILLISECONDS);
      Check.refused(() -> context.run(() -> client.infer(Tensors.slowRequest(), 10_000)),
          Status.Code.CANCELLED);
    }
    later.shutdown();
    client.inferTiny(Tensors.values(8, 2));
  }

  private static void metadata(Client client) {
    Metadata sent = new Metadata();
    sent.put(Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER), "17");
    sent.put(Metadata.Key.of("x-long", Metadata.ASCII_STRING_MARSHALLER), "long ".repeat(2000));
    sent.put(Metadata.Key.of("x-trace-bin", Metadata.BINARY_BYTE_MARSHALLER), new byte[] {0, 1, -1, 44, 10});
    AtomicReference<Metadata> headers = new AtomicReference<>(), trailers = new AtomicReference<>();
    client.inferTiny(
        ClientInterceptors.intercept(client.channel, MetadataUtils.newAttachHeadersInterceptor(sent),
            MetadataUtils.newCaptureMetadataInterceptor(headers, trailers)),
        Client.within(10_000), Tensors.values(4, 3));
    String type = headers.get().get(Metadata.Key.of("content-type", Metadata.ASCII_STRING_MARSHALLER));
    Check.expectEqual(type, "application/grpc");
  }

  private static void hundredCalls(Client client) throws Exception {
    List<ListenableFuture<ModelInferResponse>> calls = new ArrayList<>();
    for (int i = 0; i < 100; ++i) {
      calls.add(ClientCalls.futureUnaryCall(
          client.channel.newCall(Methods.MODEL_INFER, Client.within(20_000)),
          Tensors.request("tiny", Tensors.values((1 + i % 5) * Tensors.ROW, i))));
    }
    for (int i = 0; i < 100; ++i) {
      Tensors.expectTiny(calls.get(i).get(), Tensors.values((1 + i % 5) * Tensors.ROW, i));
    }
  }

  private static void health(Client client) {
    HealthCheckRequest request = HealthCheckRequest.newBuilder().setService("inference.GRPCInferenceService").build();
    HealthCheckResponse answer =
        ClientCalls.blockingUnaryCall(client.channel, Methods.HEALTH_CHECK, Client.within(10_000), request);
    Check.expectEqual(answer.getStatus(), HealthCheckResponse.ServingStatus.SERVING);
  }

  private static void predict(Client client) {
    float[] x = Tensors.values(8, 6);
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    shape.addDimBuilder().setSize(2);
    shape.addDimBuilder().setSize(Tensors.ROW);
    TensorProto tensor = TensorProto.newBuilder().setDtype(DataType.DT_FLOAT).setTensorShape(shape)
        .setTensorContent(Tensors.rawBytes(x)).build();
    PredictRequest request = PredictRequest.newBuilder().setModelSpec(ModelSpec.newBuilder().setName("tiny"))
        .putInputs("x", tensor).build();
    PredictResponse response =
        ClientCalls.blockingUnaryCall(client.channel, Methods.PREDICT, Client.within(10_000), request);
    TensorProto y = response.getOutputsOrThrow("y");
    float[] got = Tensors.floats(y.getTensorContent());
    if (got.length == 0) {
      got = new float[y.getFloatValCount()];
      for (int i = 0; i < got.length; ++i) {
        got[i] = y.getFloatVal(i);
      }
    }
    Tensors.expectClose(got, Tensors.tinyReference(x));
  }

  /** Pings go out while nothing else does: without their answers grpc-java would have closed the connection. */
  private static void keepAlive(Client client) throws Exception {
    client.inferTiny(Tensors.values(4, 7));
    CountDownLatch changed = new CountDownLatch(1);
    client.channel.notifyWhenStateChanged(ConnectivityState.READY, changed::countDown);
    Check.expectEqual(changed.await(13, TimeUnit.SECONDS), false);
    client.inferTiny(Tensors.values(4, 8));
  }
}
