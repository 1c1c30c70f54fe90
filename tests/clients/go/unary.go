package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	tf "lamina/proto/tensorflow"
	tfs "lamina/proto/tensorflow_serving"
)

// within bounds what a check may take.
func within(limit time.Duration) context.Context {
	context, cancel := context.WithTimeout(context.Background(), limit)
	time.AfterFunc(limit+time.Second, cancel) // not at the deadline itself: that would be a cancellation
	return context
}

func inferTiny(c *client, context context.Context, x []float32, options ...grpc.CallOption) error {
	response, err := c.kserve.ModelInfer(context, request("tiny", x), options...)
	if err != nil {
		return err
	}
	return expectTiny(response, x)
}

func expectStatus(err error, code codes.Code, message string) error {
	if got := status.Convert(err); got.Code() != code || got.Message() != message {
		return fmt.Errorf("expected %v '%s', got %v '%s'", code, message, got.Code(), got.Message())
	}
	return nil
}

func checkInfer(c *client) error {
	for rows := 1; rows < 20; rows++ {
		if err := inferTiny(c, within(10*time.Second), values(rows*rowSize, rows)); err != nil {
			return err
		}
	}
	return nil
}

// The message is percent-encoded on its way, as it is neither ASCII nor without a percent sign.
func checkError(c *client) error {
	_, err := c.kserve.ModelInfer(within(10*time.Second), request("größe 100% 模型", values(4, 0)))
	return expectStatus(err, codes.NotFound, "Servable not found for request: Specific(größe 100% 模型, 0)")
}

func checkDeadline(c *client) error {
	began := time.Now()
	_, err := c.kserve.ModelInfer(within(100*time.Millisecond), slowRequest())
	if status.Code(err) != codes.DeadlineExceeded {
		return fmt.Errorf("expected DeadlineExceeded, got %v", err)
	}
	if took := time.Since(began); took > time.Second {
		return fmt.Errorf("a deadline of 100 ms took %v", took)
	}
	return inferTiny(c, within(10*time.Second), values(8, 1))
}

func checkCancellation(c *client) error {
	running, cancel := context.WithCancel(context.Background())
	time.AfterFunc(100*time.Millisecond, cancel)
	if _, err := c.kserve.ModelInfer(running, slowRequest()); status.Code(err) != codes.Canceled {
		return fmt.Errorf("expected Canceled, got %v", err)
	}
	return inferTiny(c, within(10*time.Second), values(8, 2))
}

func checkMetadata(c *client) error {
	context := metadata.AppendToOutgoingContext(within(10*time.Second), "x-request-id", "17", "x-long",
		strings.Repeat("long ", 2000), "x-trace-bin", string([]byte{0, 1, 255, ',', 10}))
	var header, trailer metadata.MD
	if err := inferTiny(c, context, values(4, 3), grpc.Header(&header), grpc.Trailer(&trailer)); err != nil {
		return err
	}
	if got := header.Get("content-type"); len(got) != 1 || !strings.HasPrefix(got[0], "application/grpc") {
		return fmt.Errorf("expected the content-type application/grpc, got %v", header)
	}
	return nil
}

func checkLargeTensor(c *client) error {
	return inferTiny(c, within(30*time.Second), values(2<<20, 4)) // 8 MiB there, 6 MiB back
}

func checkHundredCalls(c *client) error {
	const calls = 100
	done := make(chan error, calls)
	for i := 0; i < calls; i++ {
		go func(i int) { done <- inferTiny(c, within(20*time.Second), values((1+i%5)*rowSize, i)) }(i)
	}
	for i := 0; i < calls; i++ {
		if err := <-done; err != nil {
			return err
		}
	}
	return nil
}

func checkCompression(c *client) error {
	return inferTiny(c, within(20*time.Second), values(100000, 5), grpc.UseCompressor(gzip.Name))
}

func checkHealth(c *client) error {
	health := grpc_health_v1.NewHealthClient(c.connection)
	answer, err := health.Check(within(10*time.Second),
		&grpc_health_v1.HealthCheckRequest{Service: "inference.GRPCInferenceService"})
	if err == nil && answer.Status != grpc_health_v1.HealthCheckResponse_SERVING {
		return fmt.Errorf("expected SERVING, got %v", answer.Status)
	}
	return err
}

func checkPredict(c *client) error {
	x := values(2*rowSize, 6)
	response, err := c.predict.Predict(within(10*time.Second), &tfs.PredictRequest{
		ModelSpec: &tfs.ModelSpec{Name: "tiny"},
		Inputs: map[string]*tf.TensorProto{"x": {
			Dtype:       tf.DataType_DT_FLOAT,
			TensorShape: &tf.TensorShapeProto{Dim: []*tf.TensorShapeProto_Dim{{Size: 2}, {Size: rowSize}}},
			FloatVal:    x,
		}},
	})
	if err != nil {
		return err
	}
	y := response.Outputs["y"]
	if len(y.TensorContent) > 0 {
		return expectClose(floats(y.TensorContent), tinyReference(x))
	}
	return expectClose(y.FloatVal, tinyReference(x))
}

// Pings go out while nothing else does: without their answers grpc-go would have closed the connection.
func checkKeepAlive(c *client) error {
	if err := inferTiny(c, within(10*time.Second), values(4, 7)); err != nil {
		return err
	}
	if c.connection.WaitForStateChange(within(13*time.Second), connectivity.Ready) {
		return fmt.Errorf("the connection did not stay open: it is %v", c.connection.GetState())
	}
	return inferTiny(c, within(10*time.Second), values(4, 8))
}
