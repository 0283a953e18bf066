/* A WASI program with an argument and a directory: wasi wasi.wasm directory */

#include "read_file.h"

int main(int argc, char** argv) {
    if (argc < 3) return 1;
    wasm_engine_t* engine = wasm_engine_new();
    wasm_store_t* store = wasm_store_new(engine);

    headwater_wasi_config_t* wasi = headwater_wasi_config_new();
    headwater_wasi_config_arg(wasi, "program");
    headwater_wasi_config_arg(wasi, "argued");
    headwater_wasi_config_inherit_stdio(wasi);
    if (!headwater_wasi_config_preopened_dir(wasi, argv[2], "/data", false)) fail("there is no such directory");
    if (!headwater_store_set_wasi(store, wasi)) fail("there is no WASI");

    wasm_byte_vec_t binary;
    read_file(argv[1], &binary);
    wasm_module_t* module = wasm_module_new(store, &binary);
    wasm_byte_vec_delete(&binary);
    if (!module) fail("the module does not compile");

    headwater_linker_t* linker = headwater_linker_new(store);
    if (!headwater_linker_define_wasi(linker)) fail("WASI is not defined");
    wasm_instance_t* instance = headwater_linker_instantiate(linker, module, NULL);
    if (!instance) fail("there is no instance");

    wasm_extern_vec_t exports; /* memory, _start */
    wasm_instance_exports(instance, &exports);
    wasm_val_vec_t none = WASM_EMPTY_VEC;
    wasm_trap_t* trap = wasm_func_call(wasm_extern_as_func(exports.data[1]), &none, &none);
    int32_t status = 0;
    if (trap && !headwater_trap_exit_status(trap, &status)) {
        print_trap("trapped", trap);
        return 1;
    }
    wasm_trap_delete(trap);
    printf("exit status %d\n", status);

    wasm_extern_vec_delete(&exports);
    wasm_instance_delete(instance);
    headwater_linker_delete(linker);
    wasm_module_delete(module);
    wasm_store_delete(store);
    wasm_engine_delete(engine);
    return 0;
}
