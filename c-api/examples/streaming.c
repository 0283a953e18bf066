/* A module that is compiled while its bytes arrive, a few at a time: streaming hello.wasm */

#include "read_file.h"

static void observe(void* env, const headwater_progress_t* progress) {
    *(headwater_progress_t*)env = *progress;
}

int main(int argc, char** argv) {
    wasm_engine_t* engine = wasm_engine_new();
    wasm_store_t* store = wasm_store_new(engine);
    FILE* file = fopen(argc > 1 ? argv[1] : "hello.wasm", "rb");
    if (!file) return 1;

    headwater_progress_t progress = {0, 0, 0};
    headwater_compiler_t* compiler = headwater_compiler_new(engine, observe, &progress);
    uint8_t chunk[7];
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, file)) > 0;) {
        if (!headwater_compiler_push(compiler, chunk, n)) fail("the module is not valid");
    }
    fclose(file);
    wasm_module_t* module = headwater_compiler_finish(compiler, store);
    if (!module) fail("the module is not complete");
    printf("%d bytes received, functions compiled: %d\n", (int)progress.received, (int)progress.functions);

    wasm_importtype_vec_t imports;
    wasm_module_imports(module, &imports);
    for (size_t i = 0; i < imports.size; i++) {
        const wasm_name_t* from = wasm_importtype_module(imports.data[i]);
        const wasm_name_t* name = wasm_importtype_name(imports.data[i]);
        printf("imports %.*s::%.*s\n", (int)from->size, from->data, (int)name->size, name->data);
    }
    wasm_importtype_vec_delete(&imports);

    /* An error is there as soon as the bytes prove it. */
    compiler = headwater_compiler_new(engine, NULL, NULL);
    if (!headwater_compiler_push(compiler, (const uint8_t*)"\0asm\2\0\0\0", 8)) {
        wasm_byte_vec_t why;
        headwater_last_error(&why);
        printf("refused: %.*s\n", (int)why.size, why.data);
        wasm_byte_vec_delete(&why);
    }
    headwater_compiler_delete(compiler);

    wasm_module_delete(module);
    wasm_store_delete(store);
    wasm_engine_delete(engine);
    return 0;
}
