/* A machine whose disk and clock misbehave, for tests: it stands between a program and libc.
 *
 * KADIAN_MACHINE_DISK names the folder that lies on the disk; KADIAN_MACHINE_CONTROL names the file
 * by which the test says what happens (struct control). Other files and programs notice nothing.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum disk { DISK_WELL, DISK_FULL, DISK_READ_ONLY, DISK_FAILING };

/* The test writes all of it, but for `writes`. Little-endian, as both sides are. */
struct control {
    uint32_t disk;
    uint32_t dies_in; /* the power fails in the middle of so manieth write; 0: never */
    int64_t clock;    /* seconds by which the wall clock is ahead */
};

static struct control *control;
static char disk[PATH_MAX];

static int (*real_open)(const char *, int, ...);
static int (*real_openat)(int, const char *, int, ...);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off64_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static int (*real_ftruncate)(int, off64_t);
static int (*real_fallocate)(int, off64_t, off64_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_rename)(const char *, const char *);
static int (*real_unlink)(const char *);
static int (*real_clock_gettime)(clockid_t, struct timespec *);

/* The loader may call hooks of this library before its constructor has run. */
static void look_up(void) {
    if (real_clock_gettime) return;
    real_openat = dlsym(RTLD_NEXT, "openat64");
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_writev = dlsym(RTLD_NEXT, "writev");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    real_fallocate = dlsym(RTLD_NEXT, "posix_fallocate64");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_rename = dlsym(RTLD_NEXT, "rename");
    real_unlink = dlsym(RTLD_NEXT, "unlink");
    real_open = dlsym(RTLD_NEXT, "open64");
    real_clock_gettime = dlsym(RTLD_NEXT, "clock_gettime");
    const char *folder = getenv("KADIAN_MACHINE_DISK"), *name = getenv("KADIAN_MACHINE_CONTROL");
    if (!folder || !name || strlen(folder) >= sizeof disk) return;
    int fd = real_open(name, O_RDWR | O_CLOEXEC);
    if (fd < 0) return;
    void *map = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (map == MAP_FAILED) return;
    strcpy(disk, folder);
    control = map;
}

__attribute__((constructor)) static void begin(void) { look_up(); }

static bool on_disk(const char *path) {
    size_t length = strlen(disk);
    return control && path && length && strncmp(path, disk, length) == 0
        && (path[length] == '/' || path[length] == 0);
}

static bool troubled(void) {
    look_up();
    return control && (control->disk != DISK_WELL || control->dies_in != 0);
}

static bool file_on_disk(int fd) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return false;
    path[length] = 0;
    return on_disk(path);
}

/* Whether a file grows by a write that ends there. */
static bool grows(int fd, off64_t end) {
    struct stat64 now;
    return fstat64(fd, &now) == 0 && S_ISREG(now.st_mode) && end > now.st_size;
}

static int trouble(int fd, off64_t end) {
    switch (control->disk) {
    case DISK_FULL: return grows(fd, end) ? ENOSPC : 0;
    case DISK_READ_ONLY: return EROFS;
    case DISK_FAILING: return EIO;
    default: return 0;
    }
}

/* Whether the power fails in this write. */
static bool dies(void) {
    uint32_t left = __atomic_load_n(&control->dies_in, __ATOMIC_SEQ_CST);
    return left != 0 && __atomic_sub_fetch(&control->dies_in, 1, __ATOMIC_SEQ_CST) == 0;
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

static int open_on_disk(int folder, const char *path, int flags, mode_t mode) {
    look_up();
    bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC));
    if (writes && on_disk(path)) {
        if (control->disk == DISK_READ_ONLY) { errno = EROFS; return -1; }
        if (control->disk == DISK_FULL && (flags & O_CREAT) && access(path, F_OK) != 0) { errno = ENOSPC; return -1; }
    }
    return real_openat(folder, path, flags, mode);
}

#define MODE(flags) \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | O_TMPFILE)) { va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); }

int open(const char *path, int flags, ...) { MODE(flags) return open_on_disk(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return open_on_disk(AT_FDCWD, path, flags, mode); }
int openat(int folder, const char *path, int flags, ...) { MODE(flags) return open_on_disk(folder, path, flags, mode); }
int openat64(int folder, const char *path, int flags, ...) { MODE(flags) return open_on_disk(folder, path, flags, mode); }

ssize_t write(int fd, const void *bytes, size_t count) {
    if (troubled() && file_on_disk(fd)) {
        off64_t at = lseek64(fd, 0, SEEK_CUR);
        int error = trouble(fd, at + (off64_t)count);
        if (error) { errno = error; return -1; }
        if (dies()) { (void)!real_write(fd, bytes, count / 2); die(); }
    }
    return real_write(fd, bytes, count);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    if (troubled() && file_on_disk(fd)) {
        int error = trouble(fd, LLONG_MAX);
        if (error) { errno = error; return -1; }
        if (dies()) die();
    }
    return real_writev(fd, parts, count);
}

static ssize_t pwrite_on_disk(int fd, const void *bytes, size_t count, off64_t at) {
    if (troubled() && file_on_disk(fd)) {
        int error = trouble(fd, at + (off64_t)count);
        if (error) { errno = error; return -1; }
        if (dies()) { (void)!real_pwrite(fd, bytes, count / 2, at); die(); }
    }
    return real_pwrite(fd, bytes, count, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { return pwrite_on_disk(fd, bytes, count, at); }
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) { return pwrite_on_disk(fd, bytes, count, at); }

static int truncate_on_disk(int fd, off64_t length) {
    if (troubled() && file_on_disk(fd)) {
        int error = trouble(fd, length);
        if (error) { errno = error; return -1; }
        if (dies()) die();
    }
    return real_ftruncate(fd, length);
}

int ftruncate(int fd, off_t length) { return truncate_on_disk(fd, length); }
int ftruncate64(int fd, off64_t length) { return truncate_on_disk(fd, length); }

int posix_fallocate(int fd, off_t at, off_t count) {
    int error = troubled() && file_on_disk(fd) ? trouble(fd, at + count) : 0;
    return error ? error : real_fallocate(fd, at, count);
}

int posix_fallocate64(int fd, off64_t at, off64_t count) { return posix_fallocate(fd, at, count); }

int fsync(int fd) {
    if (troubled() && file_on_disk(fd)) {
        if (control->disk == DISK_FAILING) { errno = EIO; return -1; }
        if (dies()) die();
    }
    return real_fsync(fd);
}

int fdatasync(int fd) {
    if (troubled() && file_on_disk(fd)) {
        if (control->disk == DISK_FAILING) { errno = EIO; return -1; }
        if (dies()) die();
    }
    return real_fdatasync(fd);
}

int rename(const char *from, const char *to) {
    if (troubled() && on_disk(from)) {
        if (control->disk == DISK_READ_ONLY) { errno = EROFS; return -1; }
        if (dies()) die();
    }
    return real_rename(from, to);
}

int unlink(const char *path) {
    if (troubled() && on_disk(path)) {
        if (control->disk == DISK_READ_ONLY) { errno = EROFS; return -1; }
        if (dies()) die();
    }
    return real_unlink(path);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    look_up();
    int result = real_clock_gettime(clock, now);
    if (result == 0 && control && clock == CLOCK_REALTIME) now->tv_sec += control->clock;
    return result;
}
