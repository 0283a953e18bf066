/* Code that does not end, and code that wants too much: limits limits.wasm */

#include "read_file.h"

#include <pthread.h>
#include <unistd.h>

static void* tick(void* engine) {
    usleep(10000);
    headwater_engine_increment_epoch(engine);
    wasm_engine_delete(engine);
    return NULL;
}

int main(int argc, char** argv) {
    wasm_config_t* config = wasm_config_new();
    headwater_config_epoch_interruption(config, true);
    wasm_engine_t* engine = wasm_engine_new_with_config(config);
    wasm_store_t* store = wasm_store_new(engine);
    headwater_store_limiter(store, 10 * MEMORY_PAGE_SIZE, -1, 1, -1, -1);
    headwater_store_set_epoch_deadline(store, 1);

    wasm_byte_vec_t binary;
    read_file(argc > 1 ? argv[1] : "limits.wasm", &binary);
    wasm_module_t* module = wasm_module_new(store, &binary);
    wasm_byte_vec_delete(&binary);
    if (!module) fail("the module does not compile");
    wasm_extern_vec_t imports = WASM_EMPTY_VEC;
    wasm_instance_t* instance = wasm_instance_new(store, module, &imports, NULL);
    if (!instance) fail("there is no instance");
    wasm_extern_vec_t exports;
    wasm_instance_exports(instance, &exports);

    pthread_t ticker;
    if (pthread_create(&ticker, NULL, tick, headwater_engine_copy(engine))) return 1;
    wasm_val_vec_t none = WASM_EMPTY_VEC;
    wasm_trap_t* trap = wasm_func_call(wasm_extern_as_func(exports.data[0]), &none, &none);
    pthread_join(ticker, NULL);
    if (!trap) return 1;
    print_trap("spin", trap);

    /* The store is as good as before. */
    headwater_store_set_epoch_deadline(store, 1);
    const int deltas[] = {9, 1};
    for (int i = 0; i < 2; i++) {
        wasm_val_t arg[] = {WASM_I32_VAL(deltas[i])}, result[1];
        wasm_val_vec_t args = WASM_ARRAY_VEC(arg), results = WASM_ARRAY_VEC(result);
        trap = wasm_func_call(wasm_extern_as_func(exports.data[1]), &args, &results);
        if (trap) {
            print_trap("grow", trap);
            return 1;
        }
        printf("growing by %d: %d\n", deltas[i], result[0].of.i32);
    }

    wasm_trap_t* refused = NULL;
    if (wasm_instance_new(store, module, &imports, &refused)) return 1;
    print_trap("a second instance", refused);

    wasm_extern_vec_delete(&exports);
    wasm_instance_delete(instance);
    wasm_module_delete(module);
    wasm_store_delete(store);
    wasm_engine_delete(engine);
    return 0;
}
