// Package ceiling is what a save could cost at the very least, for the
// benchmark to compare with: it decodes the same body and queues the same row
// to the same group-commit writer, and does nothing else. No bearer, no rule,
// no middleware. The product never mounts it.
package ceiling

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"cakap/assessment/commit"
	"cakap/internal/storage"
)

type body struct {
	A []struct {
		N int    `json:"n"`
		S int64  `json:"s"`
		V string `json:"v"`
		D bool   `json:"d"`
	} `json:"a"`
}

// Handler takes answers at POST /:enrolment.
func Handler(writer *commit.Writer) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.POST("/:enrolment", func(g *gin.Context) {
		received := time.Now().UnixMilli()
		var b body
		enrolment, err := strconv.ParseInt(g.Param("enrolment"), 10, 64)
		if err != nil || g.ShouldBindJSON(&b) != nil {
			g.Status(http.StatusBadRequest)
			return
		}
		err = writer.Do(g.Request.Context(), enrolment, func(ctx context.Context, db storage.Querier) error {
			for _, a := range b.A {
				_, err := db.Exec(ctx, `
					INSERT INTO answer (enrolment_id, attempt_no, position, seq, value, doubt, received_ms)
					VALUES (?, 1, ?, ?, ?, ?, ?)`, enrolment, a.N, a.S, a.V, a.D, received)
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			g.Status(http.StatusServiceUnavailable)
			return
		}
		g.JSON(http.StatusOK, gin.H{"state": "open"})
	})
	return engine
}
