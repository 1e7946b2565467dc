package main

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"

	"github.com/notaryproject/notation-go"
	"github.com/notaryproject/notation-go/dir"
	"github.com/notaryproject/notation-go/verifier"
	"github.com/notaryproject/notation-go/verifier/trustpolicy"
	"github.com/notaryproject/notation-go/verifier/truststore"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// verifyCase is one signature to be verified.
type verifyCase struct {
	TrustPolicy json.RawMessage    `json:"trustPolicy"`
	TrustStores stores             `json:"trustStores"`
	Descriptor  ocispec.Descriptor `json:"descriptor"`
	MediaType   string             `json:"mediaType"`
	Envelope    []byte             `json:"envelope"`
	Reference   string             `json:"reference"`
}

// verifyAnswer is what notation-go says of it.
type verifyAnswer struct {
	Outcome string   `json:"outcome"` // verified, refused, skipped or invalid (the trust policy)
	Level   string   `json:"level,omitempty"`
	Error   string   `json:"error,omitempty"`
	Logged  []string `json:"logged,omitempty"`
}

// stores holds certificates in PEM by the type and name of their trust store.
type stores map[string]map[string][]string

// laidOut writes them where notation keeps its trust stores, below a folder.
func (all stores) laidOut(folder string) (truststore.X509TrustStore, error) {
	for kind, named := range all {
		for name, texts := range named {
			place := filepath.Join(folder, dir.X509TrustStoreDir(kind, name))
			if err := os.MkdirAll(place, 0o700); err != nil {
				return nil, err
			}
			for i, text := range texts {
				file := filepath.Join(place, fmt.Sprintf("%d.pem", i))
				if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
					return nil, err
				}
			}
		}
	}
	return truststore.NewX509TrustStore(dir.NewSysFS(folder)), nil
}

func verify(ctx context.Context, one verifyCase) verifyAnswer {
	var policy trustpolicy.Document
	if err := json.Unmarshal(one.TrustPolicy, &policy); err != nil {
		return verifyAnswer{Outcome: "invalid", Error: err.Error()}
	}
	folder, err := os.MkdirTemp("", "notation-")
	if err != nil {
		return verifyAnswer{Outcome: "invalid", Error: err.Error()}
	}
	defer os.RemoveAll(folder)
	trusted, err := one.TrustStores.laidOut(folder)
	if err != nil {
		return verifyAnswer{Outcome: "invalid", Error: err.Error()}
	}
	judge, err := verifier.New(&policy, trusted, nil)
	if err != nil {
		return verifyAnswer{Outcome: "invalid", Error: err.Error()}
	}
	outcome, err := judge.Verify(ctx, one.Descriptor, one.Envelope, notation.VerifierVerifyOptions{
		ArtifactReference:  one.Reference,
		SignatureMediaType: one.MediaType,
	})
	return answerOf(outcome, err)
}

func answerOf(outcome *notation.VerificationOutcome, err error) verifyAnswer {
	answer := verifyAnswer{Outcome: "verified"}
	if outcome != nil {
		answer.Level = outcome.VerificationLevel.Name
		if answer.Level == trustpolicy.LevelSkip.Name {
			answer.Outcome = "skipped"
		}
		for _, result := range outcome.VerificationResults {
			if result.Error != nil && result.Action == trustpolicy.ActionLog {
				answer.Logged = append(answer.Logged, string(result.Type))
			}
		}
	}
	if err != nil {
		answer.Outcome = "refused"
		answer.Error = err.Error()
	}
	return answer
}

func certificatesIn(text string) ([]*x509.Certificate, error) {
	var certificates []*x509.Certificate
	for rest := []byte(text); ; {
		block, more := pem.Decode(rest)
		if block == nil {
			return certificates, nil
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		certificates = append(certificates, certificate)
		rest = more
	}
}
