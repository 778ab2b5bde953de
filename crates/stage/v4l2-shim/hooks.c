/* What a program calls in libc, with cameras and their places in sysfs led to the story's. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "shim.h"

#define SYS_CLASS "/sys/class/video4linux"

int (*real_open)(const char *, int, ...);
int (*real_close)(int);
int (*real_poll)(struct pollfd *, nfds_t, int);
static int (*real_openat)(int, const char *, int, ...);
static long (*real_syscall)(long, ...);
static int (*real_ioctl)(int, unsigned long, ...);
static DIR *(*real_opendir)(const char *);
static ssize_t (*real_readlink)(const char *, char *, size_t);
static char *(*real_realpath)(const char *, char *);
static int (*real_statx)(int, const char *, int, unsigned, struct statx *);

static char folder[PATH_MAX / 2];

const char *shim_folder(void) { return folder; }

/* The loader may call hooks of this library before its constructor has run. */
static void look_up(void) {
    if (real_open) return;
    real_openat = dlsym(RTLD_NEXT, "openat");
    real_close = dlsym(RTLD_NEXT, "close");
    real_poll = dlsym(RTLD_NEXT, "poll");
    real_syscall = dlsym(RTLD_NEXT, "syscall");
    real_ioctl = dlsym(RTLD_NEXT, "ioctl");
    real_opendir = dlsym(RTLD_NEXT, "opendir");
    real_readlink = dlsym(RTLD_NEXT, "readlink");
    real_realpath = dlsym(RTLD_NEXT, "realpath");
    real_statx = dlsym(RTLD_NEXT, "statx");
    const char *name = getenv("KADIAN_V4L2_SHIM");
    if (name && strlen(name) < sizeof folder) strcpy(folder, name);
    real_open = dlsym(RTLD_NEXT, "open");
}

__attribute__((constructor)) static void begin(void) { look_up(); }

/* N of "/dev/videoN", or -1. */
static int camera_number(const char *path) {
    int number = -1, end = 0;
    if (!folder[0] || !path || sscanf(path, "/dev/video%d%n", &number, &end) != 1 || path[end]) return -1;
    return number >= 0 && number < DEVICES ? number : -1;
}

/* Where a path lies for this program. `room` has twice PATH_MAX bytes. */
static const char *led(const char *path, char *room) {
    if (!folder[0] || !path) return path;
    bool ours = strncmp(path, SYS_CLASS, strlen(SYS_CLASS)) == 0 || camera_number(path) >= 0;
    if (!ours && strcmp(path, "/proc/self") == 0) {
        snprintf(room, PATH_MAX * 2, "%s/self", folder);
        struct statx found;
        return real_statx(AT_FDCWD, room, 0, STATX_TYPE, &found) == 0 ? room : path;
    }
    if (!ours) return path;
    snprintf(room, PATH_MAX * 2, "%s%s", folder, path);
    return room;
}

static int open_led(const char *path, int flags, mode_t mode) {
    look_up();
    int number = camera_number(path);
    if (number >= 0) return device_open(number, flags);
    char room[PATH_MAX * 2];
    return real_open(led(path, room), flags, mode);
}

#define MODE_OF(flags, mode)                                     \
    mode_t mode = 0;                                             \
    if ((flags) & (O_CREAT | O_TMPFILE)) {                       \
        va_list rest;                                            \
        va_start(rest, flags);                                   \
        mode = va_arg(rest, mode_t);                             \
        va_end(rest);                                            \
    }

int open(const char *path, int flags, ...) {
    MODE_OF(flags, mode)
    return open_led(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    MODE_OF(flags, mode)
    return open_led(path, flags | O_LARGEFILE, mode);
}

int openat(int at, const char *path, int flags, ...) {
    MODE_OF(flags, mode)
    if (path[0] == '/') return open_led(path, flags, mode);
    look_up();
    return real_openat(at, path, flags, mode);
}

int openat64(int at, const char *path, int flags, ...) {
    MODE_OF(flags, mode)
    if (path[0] == '/') return open_led(path, flags | O_LARGEFILE, mode);
    look_up();
    return real_openat(at, path, flags | O_LARGEFILE, mode);
}

int close(int fd) {
    look_up();
    return device_is(fd) ? device_close(fd) : real_close(fd);
}

int poll(struct pollfd *fds, nfds_t count, int timeout) {
    look_up();
    if (count == 1 && device_is(fds[0].fd)) return device_poll(fds, timeout);
    return real_poll(fds, count, timeout);
}

int ioctl(int fd, unsigned long request, ...) {
    look_up();
    va_list rest;
    va_start(rest, request);
    void *argument = va_arg(rest, void *);
    va_end(rest);
    return device_is(fd) ? device_ioctl(fd, request, argument) : real_ioctl(fd, request, argument);
}

long syscall(long number, ...) {
    look_up();
    va_list rest;
    va_start(rest, number);
    long a[6];
    for (int at = 0; at < 6; at++) a[at] = va_arg(rest, long);
    va_end(rest);
    if (number == SYS_ioctl && device_is((int)a[0])) {
        return device_ioctl((int)a[0], (unsigned long)a[1], (void *)a[2]);
    }
    return real_syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

DIR *opendir(const char *path) {
    look_up();
    char room[PATH_MAX * 2];
    return real_opendir(led(path, room));
}

/* A program that holds the story's node holds the camera. */
ssize_t readlink(const char *path, char *to, size_t size) {
    look_up();
    char room[PATH_MAX * 2];
    ssize_t length = real_readlink(led(path, room), to, size);
    size_t ours = strlen(folder);
    if (ours && length > (ssize_t)ours && memcmp(to, folder, ours) == 0 &&
        strncmp(to + ours, "/dev/video", 10) == 0) {
        length -= (ssize_t)ours;
        memmove(to, to + ours, (size_t)length);
    }
    return length;
}

char *realpath(const char *path, char *to) {
    look_up();
    char room[PATH_MAX * 2];
    return real_realpath(led(path, room), to);
}

int statx(int at, const char *restrict path, int flags, unsigned mask, struct statx *restrict found) {
    look_up();
    char room[PATH_MAX * 2];
    return real_statx(at, led(path, room), flags, mask, found);
}
