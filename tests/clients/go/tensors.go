package main

import (
	"encoding/binary"
	"fmt"
	"math"

	pb "lamina/proto/kserve"
)

const rowSize, answerSize = 4, 3

// The model tiny: y = relu(x W), W[i][j] = (3 i + j - 4) / 10.
func tinyReference(x []float32) []float32 {
	y := make([]float32, 0, len(x)/rowSize*answerSize)
	for row := 0; row < len(x); row += rowSize {
		for j := 0; j < answerSize; j++ {
			sum := float32(0)
			for i := 0; i < rowSize; i++ {
				sum += x[row+i] * float32(answerSize*i+j-4) / 10
			}
			y = append(y, float32(math.Max(float64(sum), 0)))
		}
	}
	return y
}

// values are different ones for each seed.
func values(count, seed int) []float32 {
	x := make([]float32, count)
	for i := range x {
		x[i] = float32((i*7+seed*13)%101)/10 - 5
	}
	return x
}

func rawBytes(x []float32) []byte {
	raw := make([]byte, 0, 4*len(x))
	for _, value := range x {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(value))
	}
	return raw
}

func floats(raw []byte) []float32 {
	x := make([]float32, len(raw)/4)
	for i := range x {
		x[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	return x
}

func request(model string, x []float32) *pb.ModelInferRequest {
	return &pb.ModelInferRequest{
		ModelName: model,
		Inputs: []*pb.ModelInferRequest_InferInputTensor{
			{Name: "x", Datatype: "FP32", Shape: []int64{int64(len(x) / rowSize), rowSize}}},
		RawInputContents: [][]byte{rawBytes(x)},
	}
}

// slowRequest runs for a good second if nobody stops it.
func slowRequest() *pb.ModelInferRequest {
	const size = 1400
	return &pb.ModelInferRequest{
		ModelName: "slow",
		Inputs: []*pb.ModelInferRequest_InferInputTensor{
			{Name: "x", Datatype: "FP32", Shape: []int64{size, size}}},
		RawInputContents: [][]byte{make([]byte, 4*size*size)},
	}
}

// expectTiny says what of a response is not what tiny answers to x.
func expectTiny(response *pb.ModelInferResponse, x []float32) error {
	expected := tinyReference(x)
	if len(response.RawOutputContents) != 1 || len(response.Outputs) != 1 || response.Outputs[0].Name != "y" {
		return fmt.Errorf("expected the output y, got %v", response.Outputs)
	}
	shape, raw := response.Outputs[0].Shape, response.RawOutputContents[0]
	if len(shape) != 2 || shape[0] != int64(len(x)/rowSize) || shape[1] != answerSize || len(raw) != 4*len(expected) {
		return fmt.Errorf("for %d rows got shape %v and %d bytes", len(x)/rowSize, shape, len(raw))
	}
	return expectClose(floats(raw), expected)
}

func expectClose(got, expected []float32) error {
	if len(got) != len(expected) {
		return fmt.Errorf("got %d values, expected %d", len(got), len(expected))
	}
	for i := range got {
		if math.Abs(float64(got[i]-expected[i])) > 1e-5 {
			return fmt.Errorf("value %d is %v, expected %v", i, got[i], expected[i])
		}
	}
	return nil
}
