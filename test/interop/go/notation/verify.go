package main

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"

	"github.com/notaryproject/notation-go"
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

func (all stores) GetCertificates(_ context.Context, kind truststore.Type, name string) ([]*x509.Certificate, error) {
	texts, found := all[string(kind)][name]
	if !found {
		return nil, fmt.Errorf("there is no trust store %s:%s", kind, name)
	}
	var certificates []*x509.Certificate
	for _, text := range texts {
		some, err := certificatesIn(text)
		if err != nil {
			return nil, err
		}
		certificates = append(certificates, some...)
	}
	return certificates, nil
}

func verify(ctx context.Context, one verifyCase) verifyAnswer {
	var policy trustpolicy.Document
	if err := json.Unmarshal(one.TrustPolicy, &policy); err != nil {
		return verifyAnswer{Outcome: "invalid", Error: err.Error()}
	}
	judge, err := verifier.New(&policy, one.TrustStores, nil)
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
