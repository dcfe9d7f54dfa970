package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"
)

// post logs the administrator in and confirms the time.
func (c *clocks) post(ctx context.Context) error {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	client := &http.Client{Jar: jar, Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, form := range []struct {
		path   string
		fields url.Values
	}{
		{"/masuk", url.Values{"nip": {username}, "sandi": {password}}},
		{"/admin/sistem/jam", url.Values{"benar": {"1"}}},
	} {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+c.server.Address+form.path, strings.NewReader(form.fields.Encode()))
		if err != nil {
			return err
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r, err := client.Do(req)
		if err != nil {
			return err
		}
		_ = r.Body.Close() // its status is all that is asked
		if r.StatusCode != http.StatusSeeOther {
			return fmt.Errorf("POST %s: status %d", form.path, r.StatusCode)
		}
	}
	return nil
}
