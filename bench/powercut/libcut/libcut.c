// libcut records, in order and with their data, the file operations that a
// process does through libc on the files of one folder. SQLite is linked to
// libc, so everything it writes passes here; Go's own files do not.
//
//   CUT_DIR  the folder, with its real path
//   CUT_LOG  where the records go, outside of it
//
// A record is a header and its data, written by one write to a file opened for
// appending, so that another writer of the same file (the child's
// acknowledgements) is in order with them. The shared-memory index is left out:
// SQLite makes it anew.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

struct header {
	uint32_t op; // N name, W write, S sync, T truncate, U unlink, R rename
	uint32_t file;
	uint64_t at;
	uint32_t length;
	uint32_t unused;
};

enum { FDS = 4096, FILES = 64 };

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static int log_fd = -1;
static const char *folder;
static size_t folder_length;
static uint32_t file_of[FDS];
static char *names[FILES];
static uint32_t known;

static int (*real_open)(const char *, int, ...);
static int (*real_open64)(const char *, int, ...);
static int (*real_openat)(int, const char *, int, ...);
static int (*real_close)(int);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_pwrite64)(int, const void *, size_t, off64_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_ftruncate)(int, off_t);
static int (*real_ftruncate64)(int, off64_t);
static int (*real_unlink)(const char *);
static int (*real_rename)(const char *, const char *);

#define FIND(name) real_##name = (__typeof__(real_##name))dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void begin(void) {
	FIND(open); FIND(open64); FIND(openat); FIND(close); FIND(write); FIND(writev);
	FIND(pwrite); FIND(pwrite64); FIND(fsync); FIND(fdatasync);
	FIND(ftruncate); FIND(ftruncate64); FIND(unlink); FIND(rename);
	const char *log = getenv("CUT_LOG");
	folder = getenv("CUT_DIR");
	if (log == NULL || folder == NULL) return;
	folder_length = strlen(folder);
	log_fd = real_open(log, O_WRONLY | O_APPEND | O_CLOEXEC);
}

static void record(uint32_t op, uint32_t file, uint64_t at, const void *data, size_t length) {
	struct header h = {op, file, at, (uint32_t)length, 0};
	struct iovec parts[2] = {{&h, sizeof h}, {(void *)data, length}};
	if (real_writev(log_fd, parts, 2) != (ssize_t)(sizeof h + length)) abort(); // a gap would make the rig lie
}

// number gives a path of the folder its file number, 0 for any other path.
static uint32_t number(const char *path) {
	if (log_fd < 0 || path == NULL || strncmp(path, folder, folder_length) != 0 || path[folder_length] != '/') return 0;
	const char *name = path + folder_length + 1;
	size_t length = strlen(name);
	if (length > 4 && strcmp(name + length - 4, "-shm") == 0) return 0;
	for (uint32_t i = 0; i < known; i++)
		if (strcmp(names[i], name) == 0) return i + 1;
	if (known == FILES) abort();
	names[known++] = strdup(name);
	record('N', known, 0, name, length);
	return known;
}

static int opened(int fd, const char *path, int flags) {
	if (fd < 0 || fd >= FDS) return fd;
	pthread_mutex_lock(&gate);
	file_of[fd] = number(path);
	if (file_of[fd] && (flags & O_TRUNC)) record('T', file_of[fd], 0, NULL, 0);
	pthread_mutex_unlock(&gate);
	return fd;
}

#define MODE(flags) \
	mode_t mode = 0; \
	if ((flags) & (O_CREAT | O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); }

int open(const char *path, int flags, ...) { MODE(flags) return opened(real_open(path, flags, mode), path, flags); }
int open64(const char *path, int flags, ...) { MODE(flags) return opened(real_open64(path, flags, mode), path, flags); }
int openat(int dir, const char *path, int flags, ...) { MODE(flags) return opened(real_openat(dir, path, flags, mode), path, flags); }

int close(int fd) {
	pthread_mutex_lock(&gate);
	if (fd >= 0 && fd < FDS) file_of[fd] = 0;
	pthread_mutex_unlock(&gate);
	return real_close(fd);
}

// Each operation is done and recorded under one lock: the log's order is theirs.
#define RECORDED(fd, call, op, at, data, length) \
	uint32_t file = (fd) >= 0 && (fd) < FDS ? file_of[fd] : 0; \
	if (file == 0) return call; \
	pthread_mutex_lock(&gate); \
	__typeof__(call) done = call; \
	int saved = errno; \
	if (done >= 0) record(op, file, at, data, length); \
	pthread_mutex_unlock(&gate); \
	errno = saved; \
	return done;

ssize_t pwrite(int fd, const void *p, size_t n, off_t at) { RECORDED(fd, real_pwrite(fd, p, n, at), 'W', (uint64_t)at, p, (size_t)done) }
ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at) { RECORDED(fd, real_pwrite64(fd, p, n, at), 'W', (uint64_t)at, p, (size_t)done) }
ssize_t write(int fd, const void *p, size_t n) {
	off_t at = fd >= 0 && fd < FDS && file_of[fd] ? lseek(fd, 0, SEEK_CUR) : 0;
	RECORDED(fd, real_write(fd, p, n), 'W', (uint64_t)at, p, (size_t)done)
}
ssize_t writev(int fd, const struct iovec *v, int n) {
	if (fd >= 0 && fd < FDS && file_of[fd]) abort(); // SQLite does not; if it ever does the rig must learn it
	return real_writev(fd, v, n);
}
int fsync(int fd) { RECORDED(fd, real_fsync(fd), 'S', 0, NULL, 0) }
int fdatasync(int fd) { RECORDED(fd, real_fdatasync(fd), 'S', 0, NULL, 0) }
int ftruncate(int fd, off_t size) { RECORDED(fd, real_ftruncate(fd, size), 'T', (uint64_t)size, NULL, 0) }
int ftruncate64(int fd, off64_t size) { RECORDED(fd, real_ftruncate64(fd, size), 'T', (uint64_t)size, NULL, 0) }

int unlink(const char *path) {
	pthread_mutex_lock(&gate);
	uint32_t file = number(path);
	int done = real_unlink(path);
	int saved = errno;
	if (done == 0 && file) record('U', file, 0, NULL, 0);
	pthread_mutex_unlock(&gate);
	errno = saved;
	return done;
}

int rename(const char *from, const char *to) {
	if (number(from) || number(to)) abort(); // likewise
	return real_rename(from, to);
}
