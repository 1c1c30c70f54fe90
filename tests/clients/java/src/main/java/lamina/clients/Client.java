package lamina.clients;

import inference.Inference.ModelInferRequest;
import inference.Inference.ModelInferResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Checks a running Lamina with grpc-java: --address HOST:PORT. A line for each check, "ok NAME" or "FAILED NAME: why". */
final class Client {
  private static final int LARGE_MESSAGE = 64 << 20;

  final ManagedChannel channel;

  private Client(String address) {
    channel =
        NettyChannelBuilder.forTarget(address)
            .usePlaintext()
            .maxInboundMessageSize(LARGE_MESSAGE)
            .keepAliveTime(10, TimeUnit.SECONDS) // grpc-java takes no less
            .keepAliveTimeout(2, TimeUnit.SECONDS)
            .keepAliveWithoutCalls(true)
            .build();
  }

  static CallOptions within(long milliseconds) {
    return CallOptions.DEFAULT.withDeadlineAfter(milliseconds, TimeUnit.MILLISECONDS);
  }

  ModelInferResponse infer(ModelInferRequest request, long milliseconds) {
    return ClientCalls.blockingUnaryCall(channel, Methods.MODEL_INFER, within(milliseconds), request);
  }

  void inferTiny(float[] x) {
    inferTiny(channel, within(20_000), x);
  }

  void inferTiny(Channel on, CallOptions options, float[] x) {
    ModelInferRequest request = Tensors.request("tiny", x);
    Tensors.expectTiny(ClientCalls.blockingUnaryCall(on, Methods.MODEL_INFER, options, request), x);
  }

  private static boolean passes(String address, String name, Check check) {
    Client client = new Client(address);
    try {
      check.run(client);
      System.out.println("ok " + name);
      return true;
    } catch (Exception | AssertionError error) {
      System.out.println("FAILED " + name + ": " + error.toString().replace('\n', ' '));
      return false;
    } finally {
      client.channel.shutdownNow();
    }
  }

  public static void main(String[] arguments) {
    boolean allPass = arguments.length == 2 && arguments[0].equals("--address");
    for (Map.Entry<String, Check> check : Checks.all().entrySet()) {
      allPass &= passes(arguments[1], check.getKey(), check.getValue());
    }
    System.exit(allPass ? 0 : 1);
  }
}
