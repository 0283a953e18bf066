// Five bodies under gravity, in doubles.
#include "kernel.h"
typedef struct {
    double x, y, z, vx, vy, vz, mass;
} Body;
static Body bodies[5];
RUN {
    for (int i = 0; i < 5; i++)
        bodies[i] = (Body){i * 3.1, i * i - 2.0, 1.0 - i, 0.1 * i, 0.2 - 0.05 * i, 0.03 * i, 1.0 / (1 + i * 10)};
    while (n--) {
        for (int i = 0; i < 5; i++)
            for (int j = i + 1; j < 5; j++) {
                Body *a = &bodies[i], *b = &bodies[j];
                double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
                double square = dx * dx + dy * dy + dz * dz + 0.01;
                double pull = 0.001 / (square * __builtin_sqrt(square));
                a->vx -= dx * b->mass * pull, a->vy -= dy * b->mass * pull, a->vz -= dz * b->mass * pull;
                b->vx += dx * a->mass * pull, b->vy += dy * a->mass * pull, b->vz += dz * a->mass * pull;
            }
        for (int i = 0; i < 5; i++)
            bodies[i].x += 0.001 * bodies[i].vx, bodies[i].y += 0.001 * bodies[i].vy, bodies[i].z += 0.001 * bodies[i].vz;
    }
    double sum = 0;
    for (int i = 0; i < 5; i++) sum += bodies[i].x + bodies[i].y * 3 + bodies[i].z * 7;
    return (uint32_t)(int64_t)(sum * 1e6);
}
