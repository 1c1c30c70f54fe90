package lamina.clients;

import com.google.protobuf.ByteString;
import inference.Inference.ModelInferRequest;
import inference.Inference.ModelInferResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Requests, and what is to be answered to them. */
final class Tensors {
  static final int ROW = 4;
  static final int ANSWER = 3;

  private Tensors() {}

  /** The model tiny: y = relu(x W), W[i][j] = (3 i + j - 4) / 10. */
  static float[] tinyReference(float[] x) {
    float[] y = new float[x.length / ROW * ANSWER];
    for (int at = 0; at < y.length; ++at) {
      float sum = 0;
      for (int i = 0; i < ROW; ++i) {
        sum += x[at / ANSWER * ROW + i] * (ANSWER * i + at % ANSWER - 4) / 10;
      }
      y[at] = Math.max(sum, 0);
    }
    return y;
  }

  /** Different ones for each seed. */
  static float[] values(int count, int seed) {
    float[] x = new float[count];
    for (int i = 0; i < count; ++i) {
      x[i] = (i * 7L + seed * 13L) % 101 / 10f - 5;
    }
    return x;
  }

  static ByteString rawBytes(float[] x) {
    ByteBuffer raw = ByteBuffer.allocate(4 * x.length).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(x);
    return ByteString.copyFrom(raw);
  }

  static float[] floats(ByteString raw) {
    float[] x = new float[raw.size() / 4];
    raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(x);
    return x;
  }

  static ModelInferRequest request(String model, float[] x, long... shape) {
    ModelInferRequest.InferInputTensor.Builder input =
        ModelInferRequest.InferInputTensor.newBuilder().setName("x").setDatatype("FP32");
    for (long size : shape.length > 0 ? shape : new long[] {x.length / ROW, ROW}) {
      input.addShape(size);
    }
    return ModelInferRequest.newBuilder()
        .setModelName(model)
        .addInputs(input)
        .addRawInputContents(rawBytes(x))
        .build();
  }

  /** Runs for a good second if nobody stops it. */
  static ModelInferRequest slowRequest() {
    return request("slow", new float[1400 * 1400], 1400, 1400);
  }

  static void expectTiny(ModelInferResponse response, float[] x) {
    Check.expectEqual(response.getOutputs(0).getName(), "y");
    Check.expectEqual(response.getOutputs(0).getShapeList(), List.of((long) x.length / ROW, (long) ANSWER));
    expectClose(floats(response.getRawOutputContents(0)), tinyReference(x));
  }

  static void expectClose(float[] got, float[] expected) {
    Check.expectEqual(got.length, expected.length);
    for (int i = 0; i < got.length; ++i) {
      if (Math.abs(got[i] - expected[i]) > 1e-5) {
        throw new AssertionError("value " + i + " is " + got[i] + ", expected " + expected[i]);
      }
    }
  }
}
