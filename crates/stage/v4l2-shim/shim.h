/* A V4L2 camera that is not there, for tests: see docs/camera.md.
 *
 * `hooks.c` stands between a program and libc; `device.c` is the camera. The story that started
 * the program owns a folder, named by KADIAN_V4L2_SHIM, in which it keeps
 *   control              one record a camera (struct control), shared by both sides
 *   videoN.formats       lines such as "MJPG 1280 720 30"
 *   videoN-MJPG-1280x720.frames   frames, each a 32-bit length and its bytes
 *   sys/, dev/, self     what /sys/class/video4linux, /dev/videoN and /proc/self are to the program
 */
#ifndef KADIAN_SHIM_H
#define KADIAN_SHIM_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define DEVICES 4
#define RECORD 128

enum mode { MODE_WELL, MODE_STALL, MODE_BUSY, MODE_DENIED };
enum damage { DAMAGE_NONE, DAMAGE_CUT, DAMAGE_FLIP, DAMAGE_MARKED, DAMAGE_NOISE };

/* The story writes the first half, the camera the second. All little-endian, as both sides are. */
struct control {
    uint32_t plugged, mode, damage;
    uint32_t generation;   /* counts up as the frames' files change */
    uint32_t rate;         /* pictures a second */
    uint32_t first_ms;     /* from switching on to the first picture */
    uint32_t epoch;        /* counts up as the cable is pulled: what was opened before is dead */
    uint32_t hang_below;   /* what was opened before this opening hangs in the driver for ever */
    uint32_t has_controls;
    uint32_t spare[7];
    uint32_t opens, frames, streaming;
    uint32_t power_line, focus_auto, focus, exposure_auto, exposure, steady_rate;
    uint32_t width, height, fourcc;
    uint32_t more[4];
};
_Static_assert(sizeof(struct control) == RECORD, "one record is 128 bytes");

/* libc's own. */
extern int (*real_open)(const char *, int, ...);
extern int (*real_close)(int);
extern int (*real_poll)(struct pollfd *, nfds_t, int);

const char *shim_folder(void);

/* Each returns what the system call would, with errno set. */
int device_open(int number, int flags);
bool device_is(int fd);
int device_ioctl(int fd, unsigned long request, void *argument);
int device_poll(struct pollfd *one, int timeout);
int device_close(int fd);

#endif
