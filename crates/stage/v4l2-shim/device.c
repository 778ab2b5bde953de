/* The camera: one V4L2 capture device with memory-mapped buffers, as drivers of webcams are. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/videodev2.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "shim.h"

#define FILES 64
#define FORMATS 16
#define BUFFERS 8
#define PAGE 4096u

struct format { uint32_t fourcc, width, height, rate; };

/* One open file of a camera. */
struct file {
    int fd, number;
    bool nonblocking;
    uint32_t epoch, opening;
    struct format formats[FORMATS];
    int format_count, format;
    uint32_t buffer_count, buffer_size;
    uint8_t *memory;
    uint32_t waiting[BUFFERS];  /* queued buffers, in order */
    uint32_t waiting_count;
    bool streaming;
    int64_t due;                /* of the next picture, in ns */
    uint32_t sequence;
    uint8_t *frames;            /* what the frames' file holds */
    size_t frames_size, at;
    uint32_t generation;
};

static struct file files[FILES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct control *controls;

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int fail(int error) {
    errno = error;
    return -1;
}

static volatile struct control *control_of(int number) {
    if (!controls) {
        char path[PATH_MAX];
        snprintf(path, sizeof path, "%s/control", shim_folder());
        int fd = real_open(path, O_RDWR | O_CLOEXEC);
        if (fd < 0) return NULL;
        void *map = mmap(NULL, DEVICES * RECORD, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        real_close(fd);
        if (map == MAP_FAILED) return NULL;
        controls = map;
    }
    return &controls[number];
}

static struct file *file_of(int fd) {
    for (int at = 0; at < FILES; at++) {
        if (files[at].memory && files[at].fd == fd) return &files[at];
    }
    return NULL;
}

bool device_is(int fd) {
    /* Descriptors of others are asked about all the time. */
    bool any = false;
    for (int at = 0; at < FILES && !any; at++) any = __atomic_load_n(&files[at].memory, __ATOMIC_ACQUIRE) && files[at].fd == fd;
    return any;
}

static bool is_dead(const struct file *file, volatile struct control *control) {
    return !control->plugged || control->epoch != file->epoch;
}

static bool hangs(const struct file *file, volatile struct control *control) {
    return file->opening < control->hang_below;
}

/* A driver that hangs does so until the computer is switched off. */
static void hang_if_told(int fd) {
    for (;;) {
        pthread_mutex_lock(&lock);
        struct file *file = file_of(fd);
        bool hung = file && hangs(file, control_of(file->number));
        pthread_mutex_unlock(&lock);
        if (!hung) return;
        usleep(20000);
    }
}

static void read_formats(struct file *file) {
    char path[PATH_MAX], text[1024] = "";
    snprintf(path, sizeof path, "%s/video%d.formats", shim_folder(), file->number);
    int fd = real_open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return;
    ssize_t size = read(fd, text, sizeof text - 1);
    real_close(fd);
    char *line = size > 0 ? text : NULL, *rest = NULL;
    for (line = line ? strtok_r(line, "\n", &rest) : NULL; line && file->format_count < FORMATS;
         line = strtok_r(NULL, "\n", &rest)) {
        char code[5];
        struct format *format = &file->formats[file->format_count];
        if (sscanf(line, "%4s %u %u %u", code, &format->width, &format->height, &format->rate) != 4) continue;
        format->fourcc = v4l2_fourcc(code[0], code[1], code[2], code[3]);
        file->format_count++;
    }
}

int device_open(int number, int flags) {
    pthread_mutex_lock(&lock);
    volatile struct control *control = control_of(number);
    struct file *file = NULL;
    for (int at = 0; at < FILES && !file; at++) file = files[at].memory ? NULL : &files[at];
    int error = 0;
    if (!control || !control->plugged) error = ENOENT;
    else if (control->mode == MODE_DENIED) error = EACCES;
    else if (!file) error = EMFILE;
    if (error) {
        pthread_mutex_unlock(&lock);
        return fail(error);
    }
    memset(file, 0, sizeof *file);
    file->number = number;
    file->nonblocking = flags & O_NONBLOCK;
    file->epoch = control->epoch;
    file->opening = ++control->opens;
    file->fd = memfd_create("camera", MFD_CLOEXEC);
    read_formats(file);
    uint32_t most = PAGE;
    for (int at = 0; at < file->format_count; at++) {
        uint32_t size = file->formats[at].width * file->formats[at].height * 2;
        if (size > most) most = size;
    }
    file->buffer_size = (most + PAGE - 1) / PAGE * PAGE;
    size_t all = (size_t)file->buffer_size * BUFFERS;
    if (ftruncate(file->fd, (off_t)all) < 0) abort();
    uint8_t *memory = mmap(NULL, all, PROT_READ | PROT_WRITE, MAP_SHARED, file->fd, 0);
    if (memory == MAP_FAILED) abort();
    __atomic_store_n(&file->memory, memory, __ATOMIC_RELEASE);
    int fd = file->fd;
    pthread_mutex_unlock(&lock);
    return fd;
}

int device_close(int fd) {
    pthread_mutex_lock(&lock);
    struct file *file = file_of(fd);
    if (file) {
        if (file->streaming) control_of(file->number)->streaming--;
        munmap(file->memory, (size_t)file->buffer_size * BUFFERS);
        free(file->frames);
        file->frames = NULL;
        __atomic_store_n(&file->memory, NULL, __ATOMIC_RELEASE);
    }
    pthread_mutex_unlock(&lock);
    return real_close(fd);
}

static bool is_ready(struct file *file, volatile struct control *control) {
    return control->mode != MODE_STALL && file->waiting_count > 0 && now() >= file->due;
}

int device_poll(struct pollfd *one, int timeout) {
    int64_t end = timeout < 0 ? INT64_MAX : now() + (int64_t)timeout * 1000000;
    for (;;) {
        hang_if_told(one->fd);
        pthread_mutex_lock(&lock);
        struct file *file = file_of(one->fd);
        volatile struct control *control = file ? control_of(file->number) : NULL;
        one->revents = 0;
        int64_t wait = 5000000;
        if (!file) one->revents = POLLNVAL;
        else if (is_dead(file, control)) one->revents = POLLERR | POLLHUP;
        else if (!file->streaming) one->revents = POLLERR;
        else if (is_ready(file, control)) one->revents = POLLIN;
        else if (file->due > now() && file->due - now() < wait) wait = file->due - now();
        pthread_mutex_unlock(&lock);
        if (one->revents) return 1;
        int64_t left = end - now();
        if (left <= 0) return 0;
        struct timespec time = {0, left < wait ? left : wait};
        nanosleep(&time, NULL);
    }
}

static const struct format *format_of(const struct file *file) { return &file->formats[file->format]; }

static void load_frames(struct file *file) {
    const struct format *format = format_of(file);
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/video%d-%.4s-%ux%u.frames", shim_folder(), file->number,
             (const char *)&format->fourcc, format->width, format->height);
    free(file->frames);
    file->frames = NULL;
    file->frames_size = file->at = 0;
    int fd = real_open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return;
    off_t size = lseek(fd, 0, SEEK_END);
    file->frames = malloc((size_t)size + 1);
    if (file->frames && pread(fd, file->frames, (size_t)size, 0) == size) file->frames_size = (size_t)size;
    real_close(fd);
}

/* The next frame into a buffer, damaged as told; returns the bytes used. */
static uint32_t fill(struct file *file, volatile struct control *control, uint32_t index, uint32_t *flags) {
    if (!file->frames || file->generation != control->generation) {
        file->generation = control->generation;
        load_frames(file);
    }
    if (file->at + 4 > file->frames_size) file->at = 0;
    uint32_t size = 0;
    if (file->frames_size >= 4) memcpy(&size, file->frames + file->at, 4);
    if (size > file->frames_size - 4 - file->at || size > file->buffer_size) size = 0;
    uint8_t *to = file->memory + (size_t)index * file->buffer_size;
    if (size) memcpy(to, file->frames + file->at + 4, size);
    file->at += 4 + size;
    uint32_t dice = file->sequence * 2654435761u + 12345u;
    switch (control->damage) {
    case DAMAGE_CUT: size = size / 3; break;
    case DAMAGE_MARKED: *flags |= V4L2_BUF_FLAG_ERROR; break;
    case DAMAGE_FLIP:
        for (int times = 0; size && times < 24; times++) {
            dice = dice * 1664525u + 1013904223u;
            to[dice % size] ^= (uint8_t)(dice >> 24);
        }
        break;
    case DAMAGE_NOISE:
        for (uint32_t at = 0; at < size; at++) {
            dice = dice * 1664525u + 1013904223u;
            to[at] = (uint8_t)(dice >> 24);
        }
        break;
    }
    return size;
}

static void tell_format(const struct file *file, struct v4l2_format *to) {
    const struct format *format = format_of(file);
    memset(&to->fmt, 0, sizeof to->fmt);
    bool compressed = format->fourcc == V4L2_PIX_FMT_MJPEG;
    uint32_t wide = format->fourcc == V4L2_PIX_FMT_YUYV || format->fourcc == V4L2_PIX_FMT_UYVY ? 2 : 1;
    to->fmt.pix.width = format->width;
    to->fmt.pix.height = format->height;
    to->fmt.pix.pixelformat = format->fourcc;
    to->fmt.pix.field = V4L2_FIELD_NONE;
    to->fmt.pix.bytesperline = compressed ? 0 : format->width * wide;
    to->fmt.pix.sizeimage = file->buffer_size;
    to->fmt.pix.colorspace = V4L2_COLORSPACE_SRGB;
}

static void set_format(struct file *file, const struct v4l2_format *wish) {
    int best = 0, best_score = -1;
    for (int at = 0; at < file->format_count; at++) {
        const struct format *format = &file->formats[at];
        int score = (format->fourcc == wish->fmt.pix.pixelformat) * 4 +
                    (format->width == wish->fmt.pix.width && format->height == wish->fmt.pix.height) * 2;
        if (score > best_score) best = at, best_score = score;
    }
    file->format = best;
    free(file->frames);
    file->frames = NULL;
}

static bool held_by_another(const struct file *file, volatile struct control *control) {
    if (control->mode == MODE_BUSY) return true;
    for (int at = 0; at < FILES; at++) {
        const struct file *other = &files[at];
        if (other != file && other->memory && other->number == file->number && other->buffer_count &&
            !is_dead(other, control) && !hangs(other, control)) return true;
    }
    return false;
}

static int set_control(volatile struct control *control, struct v4l2_ext_controls *all) {
    if (!control->has_controls || all->count != 1) return EINVAL;
    uint32_t value = (uint32_t)all->controls[0].value;
    switch (all->controls[0].id) {
    case V4L2_CID_POWER_LINE_FREQUENCY: control->power_line = value; return value > 3 ? ERANGE : 0;
    case V4L2_CID_FOCUS_AUTO: control->focus_auto = value; return 0;
    case V4L2_CID_FOCUS_ABSOLUTE: control->focus = value; return 0;
    /* As webcams do: manual and "aperture priority" are all they have. */
    case V4L2_CID_EXPOSURE_AUTO: if (value != 1 && value != 3) return EINVAL; control->exposure_auto = value; return 0;
    case V4L2_CID_EXPOSURE_ABSOLUTE: control->exposure = value; return 0;
    case V4L2_CID_EXPOSURE_AUTO_PRIORITY: control->steady_rate = !value; return 0;
    default: return EINVAL;
    }
}

static int enumerate_formats(const struct file *file, struct v4l2_fmtdesc *to) {
    uint32_t index = 0;
    if (to->type != V4L2_BUF_TYPE_VIDEO_CAPTURE) return EINVAL;
    for (int at = 0; at < file->format_count; at++) {
        bool first = true;
        for (int before = 0; before < at; before++) first &= file->formats[before].fourcc != file->formats[at].fourcc;
        if (!first || index++ != to->index) continue;
        to->pixelformat = file->formats[at].fourcc;
        snprintf((char *)to->description, sizeof to->description, "%.4s", (const char *)&to->pixelformat);
        return 0;
    }
    return EINVAL;
}

static int enumerate_sizes(const struct file *file, struct v4l2_frmsizeenum *to) {
    uint32_t index = 0;
    for (int at = 0; at < file->format_count; at++) {
        if (file->formats[at].fourcc != to->pixel_format || index++ != to->index) continue;
        to->type = V4L2_FRMSIZE_TYPE_DISCRETE;
        to->discrete.width = file->formats[at].width;
        to->discrete.height = file->formats[at].height;
        return 0;
    }
    return EINVAL;
}

static int enumerate_intervals(const struct file *file, struct v4l2_frmivalenum *to) {
    for (int at = 0; at < file->format_count && to->index == 0; at++) {
        const struct format *format = &file->formats[at];
        if (format->fourcc != to->pixel_format || format->width != to->width || format->height != to->height) continue;
        to->type = V4L2_FRMIVAL_TYPE_DISCRETE;
        to->discrete = (struct v4l2_fract){1, format->rate};
        return 0;
    }
    return EINVAL;
}

static int queue(struct file *file, struct v4l2_buffer *buffer) {
    if (buffer->index >= file->buffer_count) return EINVAL;
    for (uint32_t at = 0; at < file->waiting_count; at++) {
        if (file->waiting[at] == buffer->index) return EINVAL;
    }
    file->waiting[file->waiting_count++] = buffer->index;
    return 0;
}

static int dequeue(struct file *file, volatile struct control *control, struct v4l2_buffer *buffer) {
    if (!file->streaming) return EINVAL;
    if (!is_ready(file, control)) return EAGAIN;
    uint32_t index = file->waiting[0], flags = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
    memmove(file->waiting, file->waiting + 1, --file->waiting_count * sizeof file->waiting[0]);
    int64_t moment = now(), step = 1000000000 / (control->rate ? control->rate : 30);
    file->due = file->due + step < moment - step ? moment + step : file->due + step;
    memset(buffer, 0, sizeof *buffer);
    buffer->index = index;
    buffer->type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    buffer->memory = V4L2_MEMORY_MMAP;
    buffer->length = file->buffer_size;
    buffer->m.offset = index * file->buffer_size;
    buffer->field = V4L2_FIELD_NONE;
    buffer->sequence = file->sequence++;
    buffer->timestamp.tv_sec = moment / 1000000000;
    buffer->timestamp.tv_usec = moment / 1000 % 1000000;
    buffer->bytesused = fill(file, control, index, &flags);
    buffer->flags = flags;
    control->frames++;
    return 0;
}

static int request_buffers(struct file *file, struct v4l2_requestbuffers *wish) {
    if (wish->memory != V4L2_MEMORY_MMAP || wish->type != V4L2_BUF_TYPE_VIDEO_CAPTURE) return EINVAL;
    if (wish->count > BUFFERS) wish->count = BUFFERS;
    file->buffer_count = wish->count;
    file->waiting_count = 0;
    return 0;
}

static int query_buffer(const struct file *file, struct v4l2_buffer *buffer) {
    if (buffer->index >= file->buffer_count) return EINVAL;
    buffer->length = file->buffer_size;
    buffer->m.offset = buffer->index * file->buffer_size;
    return 0;
}

static int answer(struct file *file, volatile struct control *control, unsigned long request, void *argument) {
    if (is_dead(file, control)) return ENODEV;
    /* Giving back is never refused. */
    bool gives_back = request == VIDIOC_REQBUFS && ((struct v4l2_requestbuffers *)argument)->count == 0;
    bool claims = request == VIDIOC_S_FMT || request == VIDIOC_REQBUFS || request == VIDIOC_STREAMON;
    if (claims && !gives_back && held_by_another(file, control)) return EBUSY;
    const struct format *format = format_of(file);
    switch (request) {
    case VIDIOC_QUERYCAP: {
        struct v4l2_capability *to = argument;
        memset(to, 0, sizeof *to);
        strcpy((char *)to->driver, "kadian-shim");
        strcpy((char *)to->card, "shim");
        snprintf((char *)to->bus_info, sizeof to->bus_info, "usb-shim-%d", file->number);
        to->device_caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
        to->capabilities = to->device_caps | V4L2_CAP_DEVICE_CAPS;
        return 0;
    }
    case VIDIOC_ENUM_FMT: return enumerate_formats(file, argument);
    case VIDIOC_ENUM_FRAMESIZES: return enumerate_sizes(file, argument);
    case VIDIOC_ENUM_FRAMEINTERVALS: return enumerate_intervals(file, argument);
    case VIDIOC_S_FMT: set_format(file, argument); /* fall through */
    case VIDIOC_G_FMT:
        if (!file->format_count) return EINVAL;
        tell_format(file, argument);
        control->width = format_of(file)->width;
        control->height = format_of(file)->height;
        control->fourcc = format_of(file)->fourcc;
        return 0;
    case VIDIOC_G_PARM:
    case VIDIOC_S_PARM: {
        struct v4l2_streamparm *to = argument;
        to->parm.capture.timeperframe = (struct v4l2_fract){1, format->rate};
        return 0;
    }
    case VIDIOC_S_EXT_CTRLS: return set_control(control, argument);
    case VIDIOC_REQBUFS: return request_buffers(file, argument);
    case VIDIOC_QUERYBUF: return query_buffer(file, argument);
    case VIDIOC_QBUF: return queue(file, argument);
    case VIDIOC_DQBUF: return dequeue(file, control, argument);
    case VIDIOC_STREAMON:
        if (!file->streaming) control->streaming++;
        file->streaming = true;
        file->due = now() + (int64_t)control->first_ms * 1000000;
        return 0;
    case VIDIOC_STREAMOFF:
        if (file->streaming) control->streaming--;
        file->streaming = false;
        file->waiting_count = 0;
        return 0;
    default: return request == VIDIOC_QUERY_EXT_CTRL ? EINVAL : ENOTTY;
    }
}

int device_ioctl(int fd, unsigned long request, void *argument) {
    hang_if_told(fd);
    pthread_mutex_lock(&lock);
    struct file *file = file_of(fd);
    int error = file ? answer(file, control_of(file->number), request, argument) : EBADF;
    pthread_mutex_unlock(&lock);
    return error ? fail(error) : 0;
}
