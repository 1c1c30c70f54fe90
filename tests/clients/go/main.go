// Checks a running Lamina with grpc-go: go_client --address HOST:PORT. A line for each check, "ok NAME" or
// "FAILED NAME: why"; the exit code is 0 if all are ok.
package main

import (
	"flag"
	"fmt"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
	pb "lamina/proto/kserve"
	tfs "lamina/proto/tensorflow_serving"
)

type client struct {
	connection *grpc.ClientConn
	kserve     pb.GRPCInferenceServiceClient
	predict    tfs.PredictionServiceClient
}

var checks = []struct {
	name string
	run  func(*client) error
}{
	{"infer", checkInfer},
	{"error", checkError},
	{"deadline", checkDeadline},
	{"cancellation", checkCancellation},
	{"metadata", checkMetadata},
	{"streaming", checkStreaming},
	{"large_tensor", checkLargeTensor},
	{"hundred_calls", checkHundredCalls},
	{"compression", checkCompression},
	{"health", checkHealth},
	{"predict", checkPredict},
	{"keep_alive", checkKeepAlive},
}

const largeMessage = 64 << 20

func connect(address string) (*client, error) {
	connection, err := grpc.NewClient(address,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(largeMessage), grpc.MaxCallSendMsgSize(largeMessage)),
		// grpc-go takes no less than ten seconds.
		grpc.WithKeepaliveParams(keepalive.ClientParameters{
			Time: 10 * time.Second, Timeout: 2 * time.Second, PermitWithoutStream: true}))
	if err != nil {
		return nil, err
	}
	return &client{connection, pb.NewGRPCInferenceServiceClient(connection), tfs.NewPredictionServiceClient(connection)},
		nil
}

// runCheck runs one on a connection of its own.
func runCheck(address string, run func(*client) error) error {
	c, err := connect(address)
	if err != nil {
		return err
	}
	defer c.connection.Close()
	return run(c)
}

func main() {
	address := flag.String("address", "", "HOST:PORT of the server")
	flag.Parse()
	code := 0
	for _, check := range checks {
		if err := runCheck(*address, check.run); err == nil {
			fmt.Println("ok", check.name)
		} else {
			fmt.Printf("FAILED %s: %v\n", check.name, err)
			code = 1
		}
	}
	os.Exit(code)
}
