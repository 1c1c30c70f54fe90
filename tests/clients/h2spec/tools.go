//go:build tools

// Keeps h2spec's version in go.mod.
package h2spec

import _ "github.com/summerwind/h2spec/cmd/h2spec"
