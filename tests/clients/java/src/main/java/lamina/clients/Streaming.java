package lamina.clients;

import inference.Inference.ModelInferRequest;
import inference.Inference.ModelStreamInferResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A hundred inferences in one stream. One is wrong: it is answered as such, and the stream goes on. */
final class Streaming implements StreamObserver<ModelStreamInferResponse> {
  private static final int COUNT = 100;
  private static final int WRONG = 50;

  private final CompletableFuture<Integer> answered = new CompletableFuture<>();
  private int next = 0;

  static void check(Client client) throws Exception {
    Streaming streaming = new Streaming();
    StreamObserver<ModelInferRequest> requests = ClientCalls.asyncBidiStreamingCall(
        client.channel.newCall(Methods.MODEL_STREAM_INFER, Client.within(20_000)), streaming);
    for (int i = 0; i < COUNT; ++i) {
      String model = i == WRONG ? "nobody" : "tiny";
      requests.onNext(Tensors.request(model, input(i)).toBuilder().setId(String.valueOf(i)).build());
    }
    requests.onCompleted();
    Check.expectEqual(streaming.answered.get(20, TimeUnit.SECONDS), COUNT);
  }

  private static float[] input(int i) {
    return Tensors.values((1 + i % 3) * Tensors.ROW, i);
  }

  @Override
  public void onNext(ModelStreamInferResponse answer) {
    try {
      String error = answer.getErrorMessage();
      if (next == WRONG) {
        Check.expectEqual(error.contains("Specific(nobody, 0)") ? "told" : error, "told");
      } else {
        Check.expectEqual(error, "");
        Check.expectEqual(answer.getInferResponse().getId(), String.valueOf(next));
        Tensors.expectTiny(answer.getInferResponse(), input(next));
      }
    } catch (AssertionError wrong) {
      answered.completeExceptionally(wrong);
    }
    ++next;
  }

  @Override
  public void onError(Throwable error) {
    answered.completeExceptionally(error);
  }

  @Override
  public void onCompleted() {
    answered.complete(next);
  }
}
