package main

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// One of a hundred is wrong: it is answered as such, and the stream goes on.
func checkStreaming(c *client) error {
	const count, wrong = 100, 50
	stream, err := c.kserve.ModelStreamInfer(within(20 * time.Second))
	if err != nil {
		return err
	}
	sent := make(chan error, 1)
	go func() {
		for i := 0; i < count; i++ {
			message := request("tiny", values((1+i%3)*rowSize, i))
			if message.Id = fmt.Sprint(i); i == wrong {
				message.ModelName = "nobody"
			}
			if err := stream.Send(message); err != nil {
				sent <- err
				return
			}
		}
		sent <- stream.CloseSend()
	}()
	for i := 0; i < count; i++ {
		answer, err := stream.Recv()
		if err != nil {
			return err
		}
		if i == wrong {
			if !strings.Contains(answer.ErrorMessage, "Specific(nobody, 0)") {
				return fmt.Errorf("expected an error for the unknown model, got %v", answer)
			}
			continue
		}
		if answer.ErrorMessage != "" || answer.InferResponse.Id != fmt.Sprint(i) {
			return fmt.Errorf("answer %d has id %s, error '%s'", i, answer.InferResponse.Id, answer.ErrorMessage)
		}
		if err := expectTiny(answer.InferResponse, values((1+i%3)*rowSize, i)); err != nil {
			return err
		}
	}
	if _, err := stream.Recv(); err != io.EOF {
		return fmt.Errorf("expected the end of the stream, got %v", err)
	}
	return <-sent
}
