package lamina.clients;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Objects;

/** Something that a client expects of the server; throws where it is not so. */
interface Check {
  void run(Client client) throws Exception;

  static void expectEqual(Object got, Object expected) {
    if (!Objects.equals(got, expected)) {
      throw new AssertionError("got '" + got + "', expected '" + expected + "'");
    }
  }

  /** A call that is to fail with this code; returns what the server says of it. */
  static String refused(Runnable call, Status.Code code) {
    try {
      call.run();
    } catch (StatusRuntimeException error) {
      expectEqual(error.getStatus().getCode(), code);
      return error.getStatus().getDescription();
    }
    throw new AssertionError("expected " + code + ", got an answer");
  }
}
