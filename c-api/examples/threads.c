/* One module on several threads, each with a store of its own: threads threads.wasm */

#include "read_file.h"

#include <pthread.h>

enum { THREADS = 4, TIMES = 8 };

struct job {
    const wasm_engine_t* engine;
    const wasm_shared_module_t* module;
    int number;
    int sum;
};

/* (number) -> its double */
static wasm_trap_t* twice(const wasm_val_vec_t* args, wasm_val_vec_t* results) {
    results->data[0].of.i32 = 2 * args->data[0].of.i32;
    return NULL;
}

static void* run(void* of) {
    struct job* job = of;
    wasm_engine_t* engine = headwater_engine_copy(job->engine);
    wasm_store_t* store = wasm_store_new(engine);
    wasm_module_t* module = wasm_module_obtain(store, job->module);
    wasm_functype_t* type = wasm_functype_new_1_1(wasm_valtype_new_i32(), wasm_valtype_new_i32());
    wasm_func_t* function = wasm_func_new(store, type, twice);
    wasm_functype_delete(type);
    wasm_globaltype_t* global_type = wasm_globaltype_new(wasm_valtype_new_i32(), WASM_CONST);
    wasm_val_t number = WASM_I32_VAL(job->number);
    wasm_global_t* global = wasm_global_new(store, global_type, &number);
    wasm_globaltype_delete(global_type);

    wasm_extern_t* imported[] = {wasm_func_as_extern(function), wasm_global_as_extern(global)};
    wasm_extern_vec_t imports = WASM_ARRAY_VEC(imported);
    for (int i = 0; i < TIMES; i++) {
        wasm_instance_t* instance = wasm_instance_new(store, module, &imports, NULL);
        if (!instance) fail("there is no instance");
        wasm_extern_vec_t exports;
        wasm_instance_exports(instance, &exports);
        wasm_instance_delete(instance);
        wasm_val_t result[1];
        wasm_val_vec_t results = WASM_ARRAY_VEC(result);
        wasm_trap_t* trap = wasm_func_call(wasm_extern_as_func(exports.data[0]), NULL, &results);
        if (trap) print_trap("trapped", trap);
        else job->sum += result[0].of.i32;
        wasm_extern_vec_delete(&exports);
    }
    wasm_global_delete(global);
    wasm_func_delete(function);
    wasm_module_delete(module);
    wasm_store_delete(store);
    wasm_engine_delete(engine);
    return NULL;
}

int main(int argc, char** argv) {
    wasm_engine_t* engine = wasm_engine_new();
    wasm_store_t* store = wasm_store_new(engine);
    wasm_byte_vec_t binary;
    read_file(argc > 1 ? argv[1] : "threads.wasm", &binary);
    wasm_module_t* module = wasm_module_new(store, &binary);
    wasm_byte_vec_delete(&binary);
    if (!module) fail("the module does not compile");
    wasm_shared_module_t* shared = wasm_module_share(module);
    wasm_module_delete(module);
    wasm_store_delete(store);

    pthread_t threads[THREADS];
    struct job jobs[THREADS];
    for (int i = 0; i < THREADS; i++) {
        jobs[i] = (struct job){engine, shared, i, 0};
        if (pthread_create(&threads[i], NULL, run, &jobs[i])) return 1;
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        printf("thread %d: %d\n", i, jobs[i].sum);
    }
    wasm_shared_module_delete(shared);
    wasm_engine_delete(engine);
    return 0;
}
