// libfull plays a full disk to a process whose user may not mount one: while
// the file FULL_MARK exists, SQLite's writes below FULL_DIR fail with ENOSPC.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int full(int fd) {
	const char *mark = getenv("FULL_MARK"), *folder = getenv("FULL_DIR");
	char link[64], path[PATH_MAX];
	if (mark == NULL || folder == NULL || access(mark, F_OK) != 0) return 0;
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	ssize_t n = readlink(link, path, sizeof path - 1);
	if (n < 0) return 0;
	path[n] = 0;
	return strncmp(path, folder, strlen(folder)) == 0;
}

#define REFUSE(fd) if (full(fd)) { errno = ENOSPC; return -1; }
#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t pwrite(int fd, const void *p, size_t n, off_t at) { REFUSE(fd) REAL(pwrite); return real(fd, p, n, at); }
ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at) { REFUSE(fd) REAL(pwrite64); return real(fd, p, n, at); }
ssize_t write(int fd, const void *p, size_t n) { REFUSE(fd) REAL(write); return real(fd, p, n); }
