"use strict";

const assert = require("node:assert");

const ROW = 4;
const ANSWER = 3;

/// The model tiny: y = relu(x W), W[i][j] = (3 i + j - 4) / 10.
function tinyReference(x) {
  const y = [];
  for (let row = 0; row < x.length; row += ROW) {
    for (let j = 0; j < ANSWER; ++j) {
      let sum = 0;
      for (let i = 0; i < ROW; ++i) sum += (x[row + i] * (ANSWER * i + j - 4)) / 10;
      y.push(Math.max(sum, 0));
    }
  }
  return y;
}

/// Different ones for each seed.
function values(count, seed) {
  return Array.from({ length: count }, (_, i) => Math.fround(((i * 7 + seed * 13) % 101) / 10 - 5));
}

function rawBytes(x) {
  return Buffer.from(Float32Array.from(x).buffer);
}

function floats(raw) {
  return Array.from({ length: raw.length / 4 }, (_, i) => raw.readFloatLE(4 * i));
}

function request(model, x) {
  const inputs = [{ name: "x", datatype: "FP32", shape: [x.length / ROW, ROW] }];
  return { model_name: model, inputs, raw_input_contents: [rawBytes(x)] };
}

/// Runs for a good second if nobody stops it.
function slowRequest() {
  const size = 1400;
  const inputs = [{ name: "x", datatype: "FP32", shape: [size, size] }];
  return { model_name: "slow", inputs, raw_input_contents: [Buffer.alloc(4 * size * size)] };
}

function expectTiny(response, x) {
  assert.deepStrictEqual(
    response.outputs.map((output) => [output.name, output.shape]),
    [["y", [x.length / ROW, ANSWER]]],
  );
  expectClose(floats(response.raw_output_contents[0]), tinyReference(x));
}

function expectClose(got, expected) {
  assert.strictEqual(got.length, expected.length);
  for (let i = 0; i < got.length; ++i) {
    assert(Math.abs(got[i] - expected[i]) <= 1e-5, `value ${i} is ${got[i]}, expected ${expected[i]}`);
  }
}

module.exports = { expectClose, expectTiny, floats, request, slowRequest, tinyReference, values };
