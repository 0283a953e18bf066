/* What a host's file system has beside plain files. The arguments: a directory, what to try, and names to try it with. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void say(const char *what, const char *name, long long result)
{
    printf("%s %s: %s\n", what, name, result < 0 ? strerror(errno) : "done");
}

static const char *kind(mode_t mode)
{
    return S_ISDIR(mode) ? "directory" : S_ISLNK(mode) ? "link" : S_ISREG(mode) ? "file" : "other";
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void list(const char *path)
{
    char *names[100];
    int n = 0;
    DIR *dir = opendir(path);
    errno = 0;
    for (struct dirent *entry; n < 100 && (entry = readdir(dir));)
        names[n++] = strdup(entry->d_name);
    printf("listed, %s:", errno ? strerror(errno) : "all");
    qsort(names, n, sizeof *names, compare);
    for (int i = 0; i < n; i++)
        printf(" %s", names[i]);
    printf("\n");
    closedir(dir);
}

/* What poll and read say about standard input. */
static void input(void)
{
    struct pollfd fd = {0, POLLRDNORM, 0};
    int n = poll(&fd, 1, 1000);
    printf("poll: %d %s\n", n, fd.revents & POLLRDNORM ? "ready" : "not ready");
    char buffer[16];
    ssize_t read_bytes = read(0, buffer, sizeof buffer);
    printf("read: %s\n", read_bytes < 0 ? strerror(errno) : read_bytes ? "something" : "the end");
}

/* Absolute times of the real-time clock, in the past and in a moment. */
static void clocks(void)
{
    struct timespec start, until, end;
    clock_gettime(CLOCK_REALTIME, &start);
    printf("past: %d\n", clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &start, NULL));
    until = start;
    until.tv_sec += 1;
    printf("future: %d\n", clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &until, NULL));
    clock_gettime(CLOCK_REALTIME, &end);
    long long ms = (end.tv_sec - start.tv_sec) * 1000LL + (end.tv_nsec - start.tv_nsec) / 1000000;
    printf("waited: %s\n", ms >= 950 && ms < 5000 ? "a second" : "wrongly");
}

int main(int argc, char **argv)
{
    const char *dir = argv[1], *what = argv[2];
    if (!strcmp(what, "input"))
        input();
    else if (!strcmp(what, "clocks"))
        clocks();
    else if (!strcmp(what, "list"))
        list(dir);
    for (int i = 3; i < argc; i++) {
        char path[512], other[512];
        struct stat info;
        snprintf(path, sizeof path, "%s/%s", dir, argv[i]);
        errno = 0;
        if (!strcmp(what, "open"))
            say("open", argv[i], open(path, O_RDWR));
        else if (!strcmp(what, "open-now"))
            say("write", argv[i], open(path, O_WRONLY | O_NONBLOCK)), say("read", argv[i], open(path, O_RDONLY | O_NONBLOCK));
        else if (!strcmp(what, "create"))
            say("create", argv[i], open(path, O_RDWR | O_CREAT, 0644));
        else if (!strcmp(what, "rmdir"))
            say("rmdir", argv[i], rmdir(path));
        else if (!strcmp(what, "lstat"))
            printf("lstat %s: %s\n", argv[i], lstat(path, &info) ? strerror(errno) : kind(info.st_mode));
        else if (!strcmp(what, "time"))
            printf("time %s: %lld\n", argv[i], stat(path, &info) ? -1LL : (long long)info.st_mtim.tv_sec);
        else if (!strcmp(what, "move") && i + 1 < argc) {
            snprintf(other, sizeof other, "%s", argv[i + 1]);
            say("rename", argv[i], rename(path, other));
            say("link", argv[i], link(path, other));
            i++;
        }
    }
    return 0;
}
