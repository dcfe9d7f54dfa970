package web

// FilledLimits is Limits with its defaults, for the tests outside.
func FilledLimits(l Limits) Limits { return l.filled() }
