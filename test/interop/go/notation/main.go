// Signs and verifies as notation-go does: an array of JSON cases comes in on
// stdin, and an array of answers in the same order goes out on stdout.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("say sign or verify")
	}
	switch args[0] {
	case "sign":
		return answerAll(ctx, sign)
	case "verify":
		return answerAll(ctx, verify)
	}
	return fmt.Errorf("%q is neither sign nor verify", args[0])
}

func answerAll[Case, Answer any](ctx context.Context, answer func(context.Context, Case) Answer) error {
	var cases []Case
	if err := json.NewDecoder(os.Stdin).Decode(&cases); err != nil {
		return err
	}
	answers := make([]Answer, len(cases))
	for i, one := range cases {
		answers[i] = answer(ctx, one)
	}
	return json.NewEncoder(os.Stdout).Encode(answers)
}
