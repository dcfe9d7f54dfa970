// Package kit is what the audience packages of internal/web build on: routes
// with the action they need, a context that knows who asks, typed pages with a
// same-stem template, forms that keep what was typed, and one mapping of
// errors to HTTP.
//
// An audience package exports Routes and Views; internal/web puts them
// together. Nothing here knows a domain package but access.
package kit
