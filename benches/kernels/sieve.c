// The sieve of Eratosthenes over bytes.
#include "kernel.h"
enum { SIZE = 1 << 17 };
static uint8_t composite[SIZE];
RUN {
    uint32_t primes = 0;
    while (n--) {
        for (uint32_t i = 0; i < SIZE; i++) composite[i] = 0;
        for (uint32_t i = 2; i < SIZE; i++) {
            if (composite[i]) continue;
            primes++;
            for (uint32_t j = i * 2; j < SIZE; j += i) composite[j] = 1;
        }
    }
    return primes;
}
