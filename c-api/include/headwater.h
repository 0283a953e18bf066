/* What Headwater adds to the standard WebAssembly C API: streaming, epochs, limits, WASI, and the text of failures.
 *
 * The rules of wasm.h about ownership and threads hold here, too.
 */

#ifndef HEADWATER_H
#define HEADWATER_H

#include "wasm.h"

#ifdef __cplusplus
extern "C" {
#endif

#define own

/* Numbers for what wasm.h has none for. Types show them (wasm_valtype_kind, wasm_externtype_kind, wasm_extern_kind);
 * there are no values of these kinds, and calls that need one end with a trap. Tags can be imported and exported. */
enum { HEADWATER_V128 = 4, HEADWATER_EXNREF = 130, HEADWATER_OTHER = 255 };
enum { HEADWATER_EXTERN_TAG = 4 };

/* Why the last function that failed on this thread failed, without a null at the end; then it is forgotten. False, and
 * empty, if none has failed since. Traps that are returned have their own message. */
WASM_API_EXTERN bool headwater_last_error(own wasm_byte_vec_t* out);

/* Settings. */

/* Lets headwater_engine_increment_epoch() interrupt code. Off unless set. */
WASM_API_EXTERN void headwater_config_epoch_interruption(wasm_config_t*, bool enable);
/* How many threads compile besides the one that pushes; 0 for none. */
WASM_API_EXTERN void headwater_config_compile_threads(wasm_config_t*, size_t threads);
/* The most bytes of stack that WebAssembly code may use. */
WASM_API_EXTERN void headwater_config_max_wasm_stack(wasm_config_t*, size_t bytes);

/* Streaming: machine code while bytes arrive. */

typedef struct headwater_compiler_t headwater_compiler_t;

/* Bytes of the module received, bytes of function bodies compiled, functions compiled. */
typedef struct headwater_progress_t {
    uint64_t received;
    uint64_t compiled;
    uint32_t functions;
} headwater_progress_t;

/* The observer may be null. It is called on the thread that pushes or finishes, during these calls, and must not use
 * the compiler. */
WASM_API_EXTERN own headwater_compiler_t* headwater_compiler_new(
    const wasm_engine_t*, void (*observer)(void* env, const headwater_progress_t*), void* env);
/* Takes the next bytes, split in any way. False as soon as they prove that no module that begins so is valid. */
WASM_API_EXTERN bool headwater_compiler_push(headwater_compiler_t*, const uint8_t* bytes, size_t size);
/* The module, for a store of the same engine; null if the bytes are no module. */
WASM_API_EXTERN own wasm_module_t* headwater_compiler_finish(own headwater_compiler_t*, wasm_store_t*);
/* Aborts the compilation. */
WASM_API_EXTERN void headwater_compiler_delete(own headwater_compiler_t*);

/* Epochs: code of a store ends with a trap when its engine's epoch has been incremented so often from now on. The
 * deadline of a new store is 0: with epochs on, it must be set before code runs. */

/* Another handle of the engine, for the thread that increments. */
WASM_API_EXTERN own wasm_engine_t* headwater_engine_copy(const wasm_engine_t*);
WASM_API_EXTERN void headwater_engine_increment_epoch(const wasm_engine_t*);
WASM_API_EXTERN void headwater_store_set_epoch_deadline(wasm_store_t*, uint64_t ticks);

/* Limits: of one memory in bytes, of one table in elements, and how many there may be; negative for no limit. They hold
 * for what is made or grows from now on. All memories together may have `memory_size` bytes, too. Whatever is said, the
 * tables, instances and exceptions of a store may take 1 GiB together, or `memory_size`. False while code runs. */
WASM_API_EXTERN bool headwater_store_limiter(
    wasm_store_t*, int64_t memory_size, int64_t table_elements, int64_t instances, int64_t tables, int64_t memories);

/* WASI preview 1. A program sees nothing that its configuration does not give it. Strings are UTF-8. */

typedef struct headwater_wasi_config_t headwater_wasi_config_t;

WASM_API_EXTERN own headwater_wasi_config_t* headwater_wasi_config_new(void);
WASM_API_EXTERN void headwater_wasi_config_delete(own headwater_wasi_config_t*);
/* The first argument is the program's name. */
WASM_API_EXTERN bool headwater_wasi_config_arg(headwater_wasi_config_t*, const char* arg);
WASM_API_EXTERN bool headwater_wasi_config_env(headwater_wasi_config_t*, const char* name, const char* value);
WASM_API_EXTERN void headwater_wasi_config_inherit_env(headwater_wasi_config_t*);
WASM_API_EXTERN void headwater_wasi_config_inherit_stdio(headwater_wasi_config_t*);
/* Lets the program use a directory under another name. Nothing that it does leads out. */
WASM_API_EXTERN bool headwater_wasi_config_preopened_dir(
    headwater_wasi_config_t*, const char* host_path, const char* guest_path, bool writable);
/* What the store's programs see from now on. False while code runs. */
WASM_API_EXTERN bool headwater_store_set_wasi(wasm_store_t*, own headwater_wasi_config_t*);
/* Whether the trap is the end of a program that has exited, and with which status. */
WASM_API_EXTERN bool headwater_trap_exit_status(const wasm_trap_t*, int32_t* out);

/* Linkers: imports by name, for instances in one store. */

typedef struct headwater_linker_t headwater_linker_t;

WASM_API_EXTERN own headwater_linker_t* headwater_linker_new(wasm_store_t*);
WASM_API_EXTERN void headwater_linker_delete(own headwater_linker_t*);
/* After headwater_store_set_wasi(). */
WASM_API_EXTERN bool headwater_linker_define_wasi(headwater_linker_t*);
WASM_API_EXTERN bool headwater_linker_define(
    headwater_linker_t*, const char* module, const char* name, const wasm_extern_t*);
/* All exports of an instance, under a name for their module. */
WASM_API_EXTERN bool headwater_linker_define_instance(
    headwater_linker_t*, const char* module, const wasm_instance_t*);
/* As wasm_instance_new(). */
WASM_API_EXTERN own wasm_instance_t* headwater_linker_instantiate(
    const headwater_linker_t*, const wasm_module_t*, own wasm_trap_t** trap);

#undef own

#ifdef __cplusplus
}
#endif

#endif
