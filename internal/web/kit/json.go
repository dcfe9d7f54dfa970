package kit

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"

	"cakap/internal/fault"
)

// decodeJSON reads one JSON document strictly: the media type must be JSON,
// unknown fields, fields that stand twice, deep nesting and anything after the
// document are refused.
func decodeJSON(r *http.Request, v any) error {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return fault.New(fault.Unsupported, "web.not_json")
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return asTooLarge(err)
	}
	if err := once(body); err != nil {
		return fault.New(fault.Malformed, "error.malformed").Because(err)
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return fault.New(fault.Malformed, "error.malformed").Because(err)
	}
	return nil
}

const maxDepth = 8

var errJSON = errors.New("not one plain JSON document")

// once walks the tokens and refuses a name that stands twice in one object.
func once(body []byte) error {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	if err := value(dec, 0); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errJSON
	}
	return nil
}

func value(dec *json.Decoder, depth int) error {
	tok, err := dec.Token()
	if err != nil {
		return err
	}
	delim, ok := tok.(json.Delim)
	if !ok {
		return nil
	}
	if depth == maxDepth {
		return errJSON
	}
	var seen map[string]bool
	if delim == '{' {
		seen = map[string]bool{}
	}
	for dec.More() {
		if seen != nil {
			name, err := dec.Token()
			if err != nil {
				return err
			}
			key, ok := name.(string)
			if !ok || seen[key] {
				return errJSON
			}
			seen[key] = true
		}
		if err := value(dec, depth+1); err != nil {
			return err
		}
	}
	_, err = dec.Token()
	return err
}
