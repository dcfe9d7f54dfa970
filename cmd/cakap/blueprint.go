package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"cakap/assessment"
	"cakap/scoring"
)

// maxSpec is the largest file of a blueprint; a full one is a few kilobytes.
const maxSpec = 1 << 20

func blueprintCreate(ctx context.Context, std stdio, args []string) error {
	var p place
	var b assessment.Blueprint
	var asJSON bool
	fs := flags(std, "blueprint create", "FILE", "Saves a blueprint; FILE is its spec in JSON. Without them it takes one attempt, the whole form at once,\nand the evidence that the shipped blueprints ask for. A blueprint never changes; events copy it.")
	p.register(fs)
	fs.StringVar(&b.Code, "code", "", "code, which event create takes")
	fs.StringVar(&b.Name, "name", "", "name")
	fs.BoolVar(&asJSON, "json", false, "print JSON")
	rest, err := parse(fs, std, args, 1, 1)
	if err != nil {
		return err
	}
	body, err := readFile(rest[0], maxSpec)
	if err != nil {
		return err
	}
	b.Spec = assessment.Spec{Delivery: assessment.DeliverAll, Attempts: 1, AttemptRule: assessment.LastAttempt, Evidence: scoring.DefaultEvidence}
	strict := json.NewDecoder(bytes.NewReader(body))
	strict.DisallowUnknownFields() // a misspelt limit must not be no limit
	if err := strict.Decode(&b.Spec); err != nil {
		return fmt.Errorf("%s: %w", rest[0], err)
	}
	return with(ctx, std, p, func(a *app) error {
		made, err := a.assessment.CreateBlueprint(ctx, operator(), b)
		if err != nil {
			return err
		}
		if asJSON {
			return printJSON(std.out, map[string]any{"id": fmt.Sprint(made.ID), "code": made.Code, "items": made.Spec.Items()})
		}
		_, err = fmt.Fprintf(std.out, "Blueprint %s saved: %d items, %d minutes.\n", made.Code, made.Spec.Items(), made.Spec.Minutes)
		return err
	})
}
