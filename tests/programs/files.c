/* Works in the directory given as the only argument: creates, writes, reads, seeks, renames, lists, removes. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char path[2][512];

static const char *in(int which, const char *dir, const char *name)
{
    snprintf(path[which], sizeof path[which], "%s/%s", dir, name);
    return path[which];
}

static void need(int ok, const char *what)
{
    if (ok)
        return;
    perror(what);
    exit(1);
}

int main(int argc, char **argv)
{
    need(argc == 2, "usage");
    const char *dir = argv[1];
    FILE *f = fopen(in(0, dir, "input.txt"), "r");
    need(f != NULL, "open input.txt");
    char line[256];
    need(fgets(line, sizeof line, f) != NULL, "read");
    fclose(f);
    printf("read: %s", line);

    need(mkdir(in(0, dir, "made"), 0777) == 0, "mkdir");
    f = fopen(in(0, dir, "made/one"), "w+");
    need(f != NULL, "create");
    for (int i = 0; i < 1000; i++)
        fprintf(f, "%04d\n", i);
    need(fseek(f, 5 * 500, SEEK_SET) == 0 && fgets(line, sizeof line, f) != NULL, "seek");
    printf("line 500: %s", line);
    need(fclose(f) == 0, "close");
    need(rename(in(0, dir, "made/one"), in(1, dir, "made/two")) == 0, "rename");
    struct stat st;
    need(stat(in(0, dir, "made/two"), &st) == 0, "stat");
    printf("size: %lld\n", (long long)st.st_size);
    DIR *d = opendir(in(0, dir, "made"));
    need(d != NULL, "opendir");
    for (struct dirent *e; (e = readdir(d)) != NULL;)
        if (e->d_name[0] != '.')
            printf("entry: %s\n", e->d_name);
    closedir(d);
    need(unlink(in(0, dir, "made/two")) == 0 && rmdir(in(0, dir, "made")) == 0, "remove");

    f = fopen(in(0, dir, "output.txt"), "w");
    need(f != NULL && fputs("written by a module\n", f) >= 0 && fclose(f) == 0, "write output.txt");
    int outside = open("/etc/passwd", O_RDONLY);
    printf("outside: %s\n", outside < 0 ? "refused" : "open");
    outside = open(in(0, dir, "../../../etc/passwd"), O_RDONLY);
    printf("above: %s\n", outside < 0 ? "refused" : "open");
    return 0;
}
