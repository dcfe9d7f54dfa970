package storm

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// Cluster is a PostgreSQL of the rig's own, which it may kill. Durability stays
// on, and its files lie on a real disk.
type Cluster struct {
	dir, data, bin string
	port           int
}

// NewCluster makes a cluster with Debian's binaries and starts it.
func NewCluster(ctx context.Context) (*Cluster, error) {
	tools, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(tools) == 0 {
		return nil, errors.Join(err, errors.New("PostgreSQL is not installed (Debian package postgresql)"))
	}
	slices.Sort(tools)
	c := &Cluster{bin: filepath.Dir(tools[len(tools)-1])}
	if c.dir, err = os.MkdirTemp("", "cakap-pg-"); err != nil {
		return nil, err
	}
	c.data = filepath.Join(c.dir, "data")
	if c.port, err = freePort(ctx); err != nil {
		return nil, errors.Join(err, c.Close(ctx))
	}
	if err := c.give(); err != nil {
		return nil, errors.Join(err, c.Close(ctx))
	}
	if err := c.as(ctx, "initdb", "-D", c.data, "-A", "trust", "-U", "postgres", "--locale=C.UTF-8", "-E", "UTF8"); err != nil {
		return nil, errors.Join(err, c.Close(ctx))
	}
	if err := c.Start(ctx); err != nil {
		return nil, errors.Join(err, c.Close(ctx))
	}
	return c, nil
}

func freePort(ctx context.Context) (int, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	port := l.Addr().(*net.TCPAddr).Port
	return port, l.Close()
}

// give hands the folder to the user postgres, since a cluster refuses root.
func (c *Cluster) give() error {
	if os.Getuid() != 0 {
		return nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return err
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return err
	}
	return os.Chown(c.dir, uid, -1)
}

// as runs one of PostgreSQL's tools as its user.
func (c *Cluster) as(ctx context.Context, tool string, args ...string) error {
	argv := append([]string{filepath.Join(c.bin, tool)}, args...)
	if os.Getuid() == 0 {
		argv = append([]string{"runuser", "-u", "postgres", "--"}, argv...)
	}
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...) //nolint:gosec // Debian's own tools
	cmd.Dir = "/"
	said := &words{}
	cmd.Stderr = said // standard output would be kept open by the server
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w: %s", tool, err, said.String())
	}
	return nil
}

// URL is how clients reach the cluster.
func (c *Cluster) URL() string {
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", c.port)
}

// Start starts the cluster and waits until it answers; after a kill it recovers first.
func (c *Cluster) Start(ctx context.Context) error {
	log := filepath.Join(c.dir, "log")
	cmd := []string{"-D", c.data, "-w", "-t", "60", "-l", log, "-o", fmt.Sprintf("-p %d -c listen_addresses=127.0.0.1 -k %s -c max_connections=100", c.port, c.dir), "start"}
	if err := c.quietly(ctx, cmd); err != nil {
		said, _ := os.ReadFile(log) // it only explains
		return fmt.Errorf("%w: %s", err, said[max(0, len(said)-800):])
	}
	return nil
}

// quietly runs pg_ctl with no pipe of ours: the server it leaves behind would
// hold one open, and Wait would wait for it.
func (c *Cluster) quietly(ctx context.Context, args []string) error {
	argv := append([]string{filepath.Join(c.bin, "pg_ctl")}, args...)
	if os.Getuid() == 0 {
		argv = append([]string{"runuser", "-u", "postgres", "--"}, argv...)
	}
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...) //nolint:gosec // Debian's own tools
	cmd.Dir = "/"
	return cmd.Run()
}

// Stop stops the cluster without letting it finish anything.
func (c *Cluster) Stop(ctx context.Context) error {
	return c.quietly(ctx, []string{"-D", c.data, "-m", "immediate", "-w", "stop"})
}

// Kill kills every process of the cluster and waits until they are gone. What a
// killed postmaster leaves behind would keep the next one from starting.
func (c *Cluster) Kill() error {
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		pids, err := c.processes()
		if err != nil {
			return err
		}
		if len(pids) == 0 {
			break
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("processes %v of the cluster do not end", pids)
		}
		for _, pid := range pids {
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
				return err
			}
		}
	}
	leftovers, err := filepath.Glob(filepath.Join(c.dir, ".s.PGSQL.*"))
	if err != nil {
		return err
	}
	for _, name := range append(leftovers, filepath.Join(c.data, "postmaster.pid")) {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Running reports whether the cluster has any process.
func (c *Cluster) Running() (bool, error) {
	pids, err := c.processes()
	return len(pids) > 0, err
}

// processes finds the cluster's by their working folder: the postmaster first,
// so that it starts no others. A zombie has none and is gone for our purposes.
func (c *Cluster) processes() (pids []int, err error) {
	links, err := filepath.Glob("/proc/[0-9]*/cwd")
	if err != nil {
		return nil, err
	}
	for _, link := range links {
		if cwd, err := os.Readlink(link); err != nil || cwd != c.data {
			continue // gone meanwhile, or somebody else's
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(link)))
		if err != nil {
			return nil, err
		}
		pids = append(pids, pid)
	}
	slices.Sort(pids)
	return pids, nil
}

// Close ends the cluster and removes its files.
func (c *Cluster) Close(context.Context) error {
	return errors.Join(c.Kill(), os.RemoveAll(c.dir))
}
