//go:build tools

// Keeps ghz's version in go.mod.
package ghz

import _ "github.com/bojand/ghz/cmd/ghz"
