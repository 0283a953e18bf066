// Exceptions of C++: thrown through ten frames with destructors, rethrown, caught by type, replaced on the way. Prints
// the same natively and as WebAssembly.
#include <cstdio>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

static int alive = 0;

struct Counted {
    std::string name;
    explicit Counted(std::string name) : name(std::move(name)) { alive++; }
    Counted(const Counted &other) : name(other.name) { alive++; }
    ~Counted() {
        alive--;
        std::printf(" ~%s", name.c_str());
    }
};

struct Base {
    virtual ~Base() = default;
    virtual const char *what() const { return "base"; }
};
struct Derived : Base {
    int code;
    explicit Derived(int code) : code(code) {}
    const char *what() const override { return "derived"; }
};
struct Unrelated {
    double value;
};

__attribute__((noinline)) static double frames(int depth, int kind, double carried) {
    Counted counted("f" + std::to_string(depth));
    if (depth == 0) {
        switch (kind) {
        case 0: throw Derived(7);
        case 1: throw std::runtime_error("a runtime error");
        case 2: throw Unrelated{carried};
        case 3: throw 42;
        case 4: throw std::string("text");
        default: return carried;
        }
    }
    const double result = frames(depth - 1, kind, carried + 0.5) + depth;
    return result + static_cast<double>(counted.name.size());
}

static const char *by_type(int kind) {
    static char text[80];
    try {
        std::snprintf(text, sizeof text, "returned %g", frames(10, kind, 1.0));
    } catch (const Base &base) {
        std::snprintf(text, sizeof text, "Base: %s %d", base.what(), dynamic_cast<const Derived &>(base).code);
    } catch (const std::exception &error) {
        std::snprintf(text, sizeof text, "std::exception: %s", error.what());
    } catch (int number) {
        std::snprintf(text, sizeof text, "int: %d", number);
    } catch (const Unrelated &unrelated) {
        std::snprintf(text, sizeof text, "Unrelated: %g", unrelated.value);
    } catch (...) {
        std::snprintf(text, sizeof text, "something else");
    }
    return text;
}

static int rethrown(int times) {
    try {
        try {
            if (times == 0) throw std::out_of_range("the innermost");
            return rethrown(times - 1);
        } catch (const std::out_of_range &error) {
            std::printf(" [%d %s]", times, error.what());
            throw;
        }
    } catch (std::logic_error &) {
        Counted counted("r" + std::to_string(times));
        if (times < 3) throw;
        return times;
    }
}

struct Member {
    Counted first{"first"};
    std::unique_ptr<Counted> second;
    Member() try : second(new Counted("second")) {
        throw Derived(9);
    } catch (const Derived &derived) {
        std::printf(" constructor: %d", derived.code);
    }
};

static int loop() {
    int caught = 0;
    long sum = 0;
    for (int i = 0; i < 10000; i++) {
        try {
            if (i % 3 == 0) throw i;
            sum += i;
        } catch (int number) {
            caught++;
            sum -= number;
        }
    }
    std::printf("loop: %d caught, %ld\n", caught, sum);
    return caught;
}

static void nested_exception() {
    try {
        try {
            throw std::runtime_error("cause");
        } catch (...) {
            std::throw_with_nested(std::logic_error("effect"));
        }
    } catch (const std::exception &error) {
        std::printf("%s because of ", error.what());
        try {
            std::rethrow_if_nested(error);
        } catch (const std::exception &cause) {
            std::printf("%s\n", cause.what());
        }
    }
}

int main() {
    for (int kind = 0; kind < 6; kind++) {
        const char *outcome = by_type(kind);
        std::printf("\n%d: %s, %d alive\n", kind, outcome, alive);
    }
    const int times = rethrown(5);
    std::printf("\nrethrown: %d, %d alive\n", times, alive);
    try {
        Member member;
    } catch (const Base &base) {
        std::printf(" then %s\n", base.what());
    }
    std::exception_ptr kept;
    try {
        frames(3, 1, 0);
    } catch (...) {
        kept = std::current_exception();
    }
    try {
        std::rethrow_exception(kept);
    } catch (const std::exception &error) {
        std::printf("\nkept: %s, %d alive\n", error.what(), alive);
    }
    nested_exception();
    loop();
    std::vector<int> numbers(3);
    try {
        std::printf("%d\n", numbers.at(7));
    } catch (const std::out_of_range &) {
        std::printf("out of range\n");
    }
    return alive;
}
