/* flags: -matomics -mbulk-memory -nostdlib -Wl,--shared-memory -Wl,--import-memory -Wl,--export-memory -Wl,--max-memory=16777216 */
/* A program with threads, as wasm32-wasip1-threads has them, without a library: Debian's has none.
 *
 *   threads count N      N threads count together, with a lock and without; prints what they counted
 *   threads work N       N threads share a fixed amount of work; prints its result
 *   threads exit         a thread ends the program with status 7 while the first waits for ever
 *   threads trap         a thread traps
 *   threads many         begins threads until that fails; prints that it did
 *   threads wait         waits for ever
 */
#include <stddef.h>
#include <stdint.h>

#define IMPORT(module, name) __attribute__((import_module(module), import_name(name)))

IMPORT("wasi_snapshot_preview1", "fd_write")
int fd_write(int fd, const void *iovs, size_t count, size_t *written);
IMPORT("wasi_snapshot_preview1", "args_sizes_get") int args_sizes_get(size_t *count, size_t *size);
IMPORT("wasi_snapshot_preview1", "args_get") int args_get(char **argv, char *buffer);
IMPORT("wasi_snapshot_preview1", "proc_exit") _Noreturn void proc_exit(int status);
IMPORT("wasi", "thread-spawn") int thread_spawn(void *argument);

#define MOST 8
#define STACK 65536

/* What a thread begins with; the first field is where its stack ends. */
struct thread {
    void *stack_end;
    void (*body)(struct thread *);
    int number, of;
    uint64_t result;
    int done;
};

static struct thread threads[MOST];
static char stacks[MOST][STACK] __attribute__((aligned(16)));

static __attribute__((noinline)) void thread_main(struct thread *me) {
    me->body(me);
    __atomic_store_n(&me->done, 1, __ATOMIC_SEQ_CST);
    __builtin_wasm_memory_atomic_notify(&me->done, 1);
}

/* Sets the stack pointer, a global of this thread's instance, before any code runs that has a stack; this has none. */
__attribute__((export_name("wasi_thread_start"))) void wasi_thread_start(int id, struct thread *me) {
    (void)id;
    __asm__ volatile(".globaltype __stack_pointer, i32\n"
                     "local.get %0\n"
                     "global.set __stack_pointer" ::"r"(me->stack_end));
    thread_main(me);
}

static int begin(int number, int of, void (*body)(struct thread *)) {
    struct thread *thread = &threads[number];
    thread->stack_end = stacks[number] + STACK;
    thread->body = body;
    thread->number = number;
    thread->of = of;
    return thread_spawn(thread);
}

static void join(int number) {
    while (!__atomic_load_n(&threads[number].done, __ATOMIC_SEQ_CST)) {
        __builtin_wasm_memory_atomic_wait32(&threads[number].done, 0, -1);
    }
}

static int lock, plain, counted;

static void count(struct thread *me) {
    (void)me;
    for (int i = 0; i < 20000; i++) {
        while (__atomic_exchange_n(&lock, 1, __ATOMIC_ACQUIRE)) {
            __builtin_wasm_memory_atomic_wait32(&lock, 1, 1000000);
        }
        plain++;
        __atomic_store_n(&lock, 0, __ATOMIC_RELEASE);
        __builtin_wasm_memory_atomic_notify(&lock, 1);
        __atomic_fetch_add(&counted, 1, __ATOMIC_SEQ_CST);
    }
}

static void work(struct thread *me) {
    uint64_t steps = 0;
    for (uint64_t start = 1 + me->number; start < 3000000; start += me->of) {
        for (uint64_t n = start; n != 1; steps++) n = n % 2 ? 3 * n + 1 : n / 2;
    }
    me->result = steps;
}

static void leave(struct thread *me) {
    (void)me;
    proc_exit(7);
}

static void trap(struct thread *me) {
    (void)me;
    __builtin_trap();
}

static int never;

static void sleep_for_ever(struct thread *me) {
    (void)me;
    __builtin_wasm_memory_atomic_wait32(&never, 0, -1);
}

static void print(const char *text) {
    size_t length = 0, written;
    while (text[length]) length++;
    struct { const char *at; size_t length; } iov = {text, length};
    fd_write(1, &iov, 1, &written);
}

static void print_number(uint64_t n) {
    char digits[24], *at = digits + 23;
    *at = 0;
    do *--at = '0' + n % 10;
    while (n /= 10);
    print(at);
    print("\n");
}

static int starts_with(const char *text, const char *start) {
    while (*start && *text == *start) text++, start++;
    return !*start;
}

static char *argv[8], arguments[512];

__attribute__((export_name("_start"))) void _start(void) {
    size_t argc, size;
    args_sizes_get(&argc, &size);
    if (argc < 2 || argc > 8 || size > sizeof arguments) proc_exit(2);
    args_get(argv, arguments);
    int n = argc > 2 ? argv[2][0] - '0' : 1;
    if (n < 1 || n > MOST) proc_exit(2);
    if (starts_with(argv[1], "count") || starts_with(argv[1], "work")) {
        void (*body)(struct thread *) = argv[1][0] == 'c' ? count : work;
        uint64_t sum = 0;
        for (int i = 0; i < n; i++) {
            if (begin(i, n, body) < 0) proc_exit(3);
        }
        for (int i = 0; i < n; i++) {
            join(i);
            sum += threads[i].result;
        }
        if (body == count) {
            print_number(plain);
            print_number(counted);
        } else {
            print_number(sum);
        }
    } else if (starts_with(argv[1], "exit")) {
        begin(0, 1, leave);
        sleep_for_ever(0);
    } else if (starts_with(argv[1], "trap")) {
        begin(0, 1, trap);
        sleep_for_ever(0);
    } else if (starts_with(argv[1], "many")) {
        while (begin(0, 1, sleep_for_ever) > 0) {}
        print("no more\n");
    } else {
        begin(0, 1, sleep_for_ever);
        sleep_for_ever(0);
    }
}
