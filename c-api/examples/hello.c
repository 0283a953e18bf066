/* A function of C that WebAssembly calls: hello hello.wasm */

#include "read_file.h"

/* What the function knows: filled when there is an instance. */
struct env {
    wasm_store_t* store;
    wasm_memory_t* memory;
};

/* (address, length) -> bytes printed */
static wasm_trap_t* print(void* env, const wasm_val_vec_t* args, wasm_val_vec_t* results) {
    wasm_memory_t* memory = ((struct env*)env)->memory;
    size_t at = (uint32_t)args->data[0].of.i32, len = (uint32_t)args->data[1].of.i32;
    if (at + len > wasm_memory_data_size(memory)) {
        wasm_message_t message;
        wasm_name_new_from_string_nt(&message, "this is not in the memory");
        wasm_trap_t* trap = wasm_trap_new(((struct env*)env)->store, &message);
        wasm_byte_vec_delete(&message);
        return trap;
    }
    printf("%.*s\n", (int)len, wasm_memory_data(memory) + at);
    results->data[0].of.i32 = (int32_t)len;
    return NULL;
}

int main(int argc, char** argv) {
    wasm_engine_t* engine = wasm_engine_new();
    wasm_store_t* store = wasm_store_new(engine);

    wasm_byte_vec_t binary;
    read_file(argc > 1 ? argv[1] : "hello.wasm", &binary);
    wasm_module_t* module = wasm_module_new(store, &binary);
    wasm_byte_vec_delete(&binary);
    if (!module) fail("the module does not compile");

    struct env env = {store, NULL};
    wasm_functype_t* type =
        wasm_functype_new_2_1(wasm_valtype_new_i32(), wasm_valtype_new_i32(), wasm_valtype_new_i32());
    wasm_func_t* function = wasm_func_new_with_env(store, type, print, &env, NULL);
    wasm_functype_delete(type);

    wasm_extern_t* imported[] = {wasm_func_as_extern(function)};
    wasm_extern_vec_t imports = WASM_ARRAY_VEC(imported);
    wasm_trap_t* trap = NULL;
    wasm_instance_t* instance = wasm_instance_new(store, module, &imports, &trap);
    if (!instance) fail("there is no instance");

    wasm_extern_vec_t exports; /* in the order of the module: memory, run */
    wasm_instance_exports(instance, &exports);
    env.memory = wasm_extern_as_memory(exports.data[0]);
    wasm_val_t result[1];
    wasm_val_vec_t args = WASM_EMPTY_VEC, results = WASM_ARRAY_VEC(result);
    trap = wasm_func_call(wasm_extern_as_func(exports.data[1]), &args, &results);
    if (trap) {
        print_trap("trapped", trap);
        return 1;
    }
    printf("%d bytes\n", result[0].of.i32);

    wasm_extern_vec_delete(&exports);
    wasm_instance_delete(instance);
    wasm_func_delete(function);
    wasm_module_delete(module);
    wasm_store_delete(store);
    wasm_engine_delete(engine);
    return 0;
}
