/* Stands between a server and its kernel: a clock that is stepped, a disk that is full.
 *
 * Preloaded; obeys the file that SHIM_WILL names: three 64-bit numbers, the microseconds that the
 * clock is ahead, whether regular files take no more, and whether they are never synced. It holds
 * no lock and looks nothing up, so it can't hang a server that starts.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static volatile const long long *will;

__attribute__((constructor)) static void read_will(void) {
    const char *path = getenv("SHIM_WILL");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *mapped = mmap(NULL, 3 * sizeof *will, PROT_READ, MAP_SHARED, file, 0);
    if (mapped != MAP_FAILED) will = mapped;
    close(file);
}

static long long micros(clockid_t which) {
    struct timespec at;
    syscall(SYS_clock_gettime, which, &at);
    return at.tv_sec * 1000000LL + at.tv_nsec / 1000 + (will ? will[0] : 0);
}

int clock_gettime(clockid_t which, struct timespec *at) {
    int failed = syscall(SYS_clock_gettime, which, at);
    if (!failed && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE)) {
        long long now = micros(which);
        at->tv_sec = now / 1000000;
        at->tv_nsec = now % 1000000 * 1000;
    }
    return failed;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone) {
    (void)zone;
    long long now = micros(CLOCK_REALTIME);
    at->tv_sec = now / 1000000;
    at->tv_usec = now % 1000000;
    return 0;
}

time_t time(time_t *at) {
    time_t now = micros(CLOCK_REALTIME) / 1000000;
    if (at) *at = now;
    return now;
}

static int full(int file) {
    struct stat found;
    if (!will || !will[1] || fstat(file, &found) || !S_ISREG(found.st_mode)) return 0;
    errno = ENOSPC;
    return 1;
}

ssize_t write(int file, const void *bytes, size_t count) {
    return full(file) ? -1 : syscall(SYS_write, file, bytes, count);
}

ssize_t writev(int file, const struct iovec *parts, int count) {
    return full(file) ? -1 : syscall(SYS_writev, file, parts, count);
}

int fdatasync(int file) {
    while (will && will[2]) usleep(500);
    return syscall(SYS_fdatasync, file);
}
