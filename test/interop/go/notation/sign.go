package main

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"net/http"
	"time"

	"github.com/notaryproject/notation-core-go/signature"
	_ "github.com/notaryproject/notation-core-go/signature/cose"
	_ "github.com/notaryproject/notation-core-go/signature/jws"
	"github.com/notaryproject/tspclient-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

const payloadType = "application/vnd.cncf.notary.payload.v1+json"

// signCase is one signature to be made.
type signCase struct {
	MediaType   string             `json:"mediaType"`
	Descriptor  ocispec.Descriptor `json:"descriptor"`
	Key         string             `json:"key"`   // PKCS #8, PEM
	Chain       string             `json:"chain"` // PEM, the leaf first
	Scheme      string             `json:"scheme"`
	SigningTime time.Time          `json:"signingTime"`
	Expiry      *time.Time         `json:"expiry"`
	Attributes  []attribute        `json:"attributes"`
	Timestamper string             `json:"timestamper"` // a URL
	TSARoot     string             `json:"tsaRoot"`     // PEM
}

type attribute struct {
	Key      string `json:"key"`
	Value    string `json:"value"`
	Critical bool   `json:"critical"`
}

// signAnswer holds the envelope, or what went wrong.
type signAnswer struct {
	Envelope []byte `json:"envelope,omitempty"`
	Error    string `json:"error,omitempty"`
}

func sign(ctx context.Context, one signCase) signAnswer {
	envelope, err := envelopeOf(ctx, one)
	if err != nil {
		return signAnswer{Error: err.Error()}
	}
	return signAnswer{Envelope: envelope}
}

func envelopeOf(ctx context.Context, one signCase) ([]byte, error) {
	request, err := requestOf(one)
	if err != nil {
		return nil, err
	}
	if err := stamped(request, one); err != nil {
		return nil, err
	}
	envelope, err := signature.NewEnvelope(one.MediaType)
	if err != nil {
		return nil, err
	}
	return envelope.Sign(request.WithContext(ctx))
}

func requestOf(one signCase) (*signature.SignRequest, error) {
	block, _ := pem.Decode([]byte(one.Key))
	if block == nil {
		return nil, errors.New("no key")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	chain, err := certificatesIn(one.Chain)
	if err != nil {
		return nil, err
	}
	signer, err := signature.NewLocalSigner(chain, key)
	if err != nil {
		return nil, err
	}
	payload, err := json.Marshal(map[string]any{"targetArtifact": one.Descriptor})
	if err != nil {
		return nil, err
	}
	request := &signature.SignRequest{
		Payload:       signature.Payload{ContentType: payloadType, Content: payload},
		Signer:        signer,
		SigningTime:   one.SigningTime,
		SigningAgent:  "interop",
		SigningScheme: signature.SigningScheme(one.Scheme),
	}
	if one.Expiry != nil {
		request.Expiry = *one.Expiry
	}
	for _, more := range one.Attributes {
		request.ExtendedSignedAttributes = append(request.ExtendedSignedAttributes,
			signature.Attribute{Key: more.Key, Value: more.Value, Critical: more.Critical})
	}
	return request, nil
}

func stamped(request *signature.SignRequest, one signCase) error {
	if one.Timestamper == "" {
		return nil
	}
	client := &http.Client{Timeout: 10 * time.Second}
	timestamper, err := tspclient.NewHTTPTimestamper(client, one.Timestamper)
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(one.TSARoot))
	request.Timestamper = timestamper
	request.TSARootCAs = roots
	return nil
}
