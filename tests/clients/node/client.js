// Checks a running Lamina with @grpc/grpc-js: node client.js --address HOST:PORT, with the repository as LAMINA_ROOT. A
// line for each check, "ok NAME" or "FAILED NAME: why"; the exit code is 0 if all are ok.
"use strict";

const assert = require("node:assert");
const grpc = require("@grpc/grpc-js");
const loader = require("@grpc/proto-loader");
const { expectClose, expectTiny, floats, request, slowRequest, tinyReference, values } = require("./tensors.js");

const ROOT = process.env.LAMINA_ROOT;
const LARGE_MESSAGE = 64 << 20;

function load(file) {
  const options = { includeDirs: [ROOT], keepCase: true, longs: Number, bytes: Buffer, enums: String };
  return grpc.loadPackageDefinition(loader.loadSync(`proto/${file}`, options));
}

const { inference } = load("kserve/inference.proto");
const { serving } = load("tensorflow_serving/services.proto").tensorflow;
const { health } = load("grpc/health.proto").grpc;

const OPTIONS = {
  "grpc.max_receive_message_length": LARGE_MESSAGE,
  "grpc.keepalive_time_ms": 500,
  "grpc.keepalive_timeout_ms": 2000,
  "grpc.keepalive_permit_without_calls": 1,
};

function connect(Service, address, more = {}) {
  return new Service(address, grpc.credentials.createInsecure(), { ...OPTIONS, ...more });
}

/// The answer of a unary call; rejected with what grpc-js says is wrong.
function ask(client, method, message, { seconds = 20, metadata = new grpc.Metadata(), began = () => {} } = {}) {
  return new Promise((resolve, reject) => {
    const deadline = Date.now() + 1000 * seconds;
    began(client[method](message, metadata, { deadline }, (error, answer) => (error ? reject(error) : resolve(answer))));
  });
}

async function inferTiny(client, x, options) {
  expectTiny(await ask(client, "ModelInfer", request("tiny", x), options), x);
}

async function refused(call, code, message) {
  await assert.rejects(call, (error) => {
    assert.strictEqual(error.code, code, error.message);
    if (message !== undefined) assert.strictEqual(error.details, message);
    return true;
  });
}

const checks = {
  async infer(client) {
    for (let rows = 1; rows < 20; ++rows) await inferTiny(client, values(4 * rows, rows));
  },

  // The message is percent-encoded on its way, as it is neither ASCII nor without a percent sign.
  async error(client) {
    const name = "größe 100% 模型";
    const call = ask(client, "ModelInfer", request(name, values(4, 0)));
    await refused(call, grpc.status.NOT_FOUND, `Servable not found for request: Specific(${name}, 0)`);
  },

  async deadline(client) {
    const began = Date.now();
    await refused(ask(client, "ModelInfer", slowRequest(), { seconds: 0.1 }), grpc.status.DEADLINE_EXCEEDED);
    assert(Date.now() - began < 1000, `a deadline of 100 ms took ${Date.now() - began} ms`);
    await inferTiny(client, values(8, 1));
  },

  async cancellation(client) {
    const began = (call) => setTimeout(() => call.cancel(), 100);
    await refused(ask(client, "ModelInfer", slowRequest(), { began }), grpc.status.CANCELLED);
    await inferTiny(client, values(8, 2));
  },

  async metadata(client) {
    const metadata = new grpc.Metadata();
    metadata.set("x-request-id", "17");
    metadata.set("x-long", "long ".repeat(2000));
    metadata.set("x-trace-bin", Buffer.from([0, 1, 255, 44, 10]));
    let header;
    const began = (call) => call.on("metadata", (got) => (header = got));
    await inferTiny(client, values(4, 3), { metadata, began });
    assert.deepStrictEqual(header.get("content-type"), ["application/grpc"]);
  },

  // One of a hundred is wrong: it is answered as such, and the stream goes on.
  async streaming(client) {
    const count = 100, wrong = 50;
    const input = (i) => values(4 * (1 + (i % 3)), i);
    const stream = client.ModelStreamInfer({ deadline: Date.now() + 20000 });
    for (let i = 0; i < count; ++i) {
      stream.write({ ...request(i === wrong ? "nobody" : "tiny", input(i)), id: String(i) });
    }
    stream.end();
    let i = 0;
    for await (const answer of stream) {
      if (i === wrong) {
        assert.match(answer.error_message, /Specific\(nobody, 0\)/);
      } else {
        assert.strictEqual(answer.error_message || "", "");
        assert.strictEqual(answer.infer_response.id, String(i));
        expectTiny(answer.infer_response, input(i));
      }
      ++i;
    }
    assert.strictEqual(i, count);
  },

  async large_tensor(client) {
    await inferTiny(client, values(2 << 20, 4)); // 8 MiB there, 6 MiB back
  },

  async hundred_calls(client) {
    await Promise.all(Array.from({ length: 100 }, (_, i) => inferTiny(client, values(4 * (1 + (i % 5)), i))));
  },

  async compression(client, address) {
    const gzip = { "grpc.default_compression_algorithm": grpc.compressionAlgorithms.gzip };
    const compressing = connect(inference.GRPCInferenceService, address, gzip);
    await inferTiny(compressing, values(100000, 5));
    compressing.close();
  },

  async health(client, address) {
    const asked = connect(health.v1.Health, address);
    const answer = await ask(asked, "Check", { service: "inference.GRPCInferenceService" });
    assert.strictEqual(answer.status, "SERVING");
    asked.close();
  },

  async predict(client, address) {
    const x = values(8, 6);
    const asked = connect(serving.PredictionService, address);
    const tensor = { dtype: "DT_FLOAT", tensor_shape: { dim: [{ size: 2 }, { size: 4 }] }, float_val: x };
    const { outputs } = await ask(asked, "Predict", { model_spec: { name: "tiny" }, inputs: { x: tensor } });
    const content = outputs.y.tensor_content;
    expectClose(content && content.length > 0 ? floats(content) : outputs.y.float_val, tinyReference(x));
    asked.close();
  },

  // Half a dozen pings go out while nothing else does: without their answers grpc-js would have closed the connection.
  async keep_alive(client) {
    await inferTiny(client, values(4, 7));
    const changed = new Promise((resolve) => {
      client.getChannel().watchConnectivityState(grpc.connectivityState.READY, Date.now() + 4000, resolve);
    });
    assert((await changed) instanceof Error, "the connection did not stay open");
    await inferTiny(client, values(4, 8));
  },
};

async function main(address) {
  for (const [name, check] of Object.entries(checks)) {
    const client = connect(inference.GRPCInferenceService, address);
    try {
      await check(client, address);
      console.log(`ok ${name}`);
    } catch (error) {
      console.log(`FAILED ${name}: ${String(error.message).replaceAll("\n", " ")}`);
      process.exitCode = 1;
    }
    client.close();
  }
}

main(process.argv[process.argv.indexOf("--address") + 1]);
