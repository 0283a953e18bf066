/* Says that it waits, and then waits for ever, or nearly, in the way that the first argument names. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "";
    const char *fifo = argc > 2 ? argv[2] : "";
    static char buffer[1 << 16];
    fprintf(stderr, "waiting: %s\n", how);
    if (!strcmp(how, "sleep")) {
        sleep(1000);
    } else if (!strcmp(how, "until")) {
        struct timespec then;
        clock_gettime(CLOCK_REALTIME, &then);
        then.tv_sec += 1000;
        clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &then, NULL);
    } else if (!strcmp(how, "poll")) {
        struct pollfd input = {0, POLLRDNORM, 0};
        poll(&input, 1, -1);
    } else if (!strcmp(how, "poll-long")) {
        struct pollfd input = {0, POLLRDNORM, 0};
        poll(&input, 1, 1000000);
    } else if (!strcmp(how, "read")) {
        read(0, buffer, sizeof buffer);
    } else if (!strcmp(how, "write")) {
        while (write(1, buffer, sizeof buffer) > 0)
            ;
    } else if (!strcmp(how, "open-read")) {
        open(fifo, O_RDONLY);
    } else if (!strcmp(how, "open-write")) {
        open(fifo, O_WRONLY);
    } else if (!strcmp(how, "read-fifo")) {
        /* Opened for both, so that there is a writer. */
        read(open(fifo, O_RDWR), buffer, sizeof buffer);
    } else if (!strcmp(how, "write-fifo")) {
        int fd = open(fifo, O_RDWR);
        while (write(fd, buffer, sizeof buffer) > 0)
            ;
    } else if (!strcmp(how, "compute")) {
        for (volatile unsigned i = 0;; i++)
            ;
    }
    fprintf(stderr, "went on: %s\n", strerror(errno));
    return 3;
}
