package rig

import (
	"os/exec"
	"syscall"
)

// dieWithUs ends the server when the rig is killed.
func dieWithUs(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM} }
