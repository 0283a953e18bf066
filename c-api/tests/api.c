/* What the rest of the API promises, under AddressSanitizer: every owner deletes once, every finalizer runs once. */

#include "../examples/read_file.h"

#define CHECK(condition) \
    do { \
        if (!(condition)) { \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
            exit(1); \
        } \
    } while (0)

enum { SEVEN, THROUGH, WIDE, TRAP, VECTOR, TABLE, EXTERNS, GLOBAL, CONSTANT, MEMORY, TAG, SHARED, THROW, EXPORTS };

static wasm_store_t* store;
static wasm_extern_vec_t exports;
static int finalized;

static void finalize(void* info) { finalized += *(int*)info; }

static wasm_func_t* func(int export) { return wasm_extern_as_func(exports.data[export]); }

static bool message_is(wasm_trap_t* trap, const char* text) {
    CHECK(trap);
    wasm_message_t message;
    wasm_trap_message(trap, &message);
    CHECK(message.size == strlen(message.data) + 1);
    bool same = strstr(message.data, text) != NULL;
    if (!same) fprintf(stderr, "\"%s\" has no \"%s\"\n", message.data, text);
    wasm_byte_vec_delete(&message);
    return same;
}

static bool fails_with(wasm_trap_t* trap, const char* text) {
    bool same = message_is(trap, text);
    wasm_trap_delete(trap);
    return same;
}

static bool last_error_is(const char* text) {
    wasm_byte_vec_t why, none;
    CHECK(headwater_last_error(&why));
    CHECK(!headwater_last_error(&none) && none.size == 0);
    bool same = why.size >= strlen(text) && memmem(why.data, why.size, text, strlen(text));
    if (!same) fprintf(stderr, "\"%.*s\" has no \"%s\"\n", (int)why.size, why.data, text);
    wasm_byte_vec_delete(&why);
    return same;
}

static wasm_trap_t* new_trap(const char* text) {
    wasm_message_t message;
    wasm_name_new_from_string_nt(&message, text);
    wasm_trap_t* trap = wasm_trap_new(store, &message);
    wasm_byte_vec_delete(&message);
    return trap;
}

static wasm_trap_t* returned; /* What the last trap that a function of C returned is. */

static wasm_trap_t* through(int what, wasm_ref_t* external, wasm_ref_t* function, wasm_val_t results[3]);

/* 0: gives back what it was given. 1: traps. 2: calls back. 3: passes a trap on. 4: a result of a wrong type. 5:
 * changes settings, which it may not. 6: sets results and traps all the same. 7: calls itself through
 * WebAssembly, for ever. */

static wasm_trap_t* call(void* env, const wasm_val_vec_t* args, wasm_val_vec_t* results) {
    ++*(int*)env;
    CHECK(args->size == 3 && results->size == 3);
    CHECK(results->data[0].kind == WASM_I32 && results->data[1].of.ref == NULL && results->data[2].of.ref == NULL);
    int what = args->data[0].of.i32;
    if (what == 1 || what == 6) {
        if (what == 6) wasm_val_copy(&results->data[1], &args->data[1]);
        returned = new_trap("a trap of C");
        return wasm_trap_copy(returned);
    }
    if (what == 2) {
        wasm_val_t result[1];
        wasm_val_vec_t none = WASM_EMPTY_VEC, one = WASM_ARRAY_VEC(result);
        CHECK(!wasm_func_call(func(SEVEN), &none, &one));
        results->data[0] = result[0];
        CHECK(wasm_memory_grow(wasm_extern_as_memory(exports.data[MEMORY]), 1));
        return NULL;
    }
    if (what == 3) {
        wasm_val_t result[1];
        wasm_val_vec_t one = WASM_ARRAY_VEC(result);
        return wasm_func_call(func(TRAP), NULL, &one);
    }
    if (what == 4) {
        results->data[0].kind = WASM_F32;
        return NULL;
    }
    if (what == 7) return through(7, NULL, NULL, results->data);
    if (what == 5) {
        CHECK(!headwater_store_limiter(store, 1, 1, 1, 1, 1));
        CHECK(last_error_is("cannot be changed"));
    }
    for (int i = 0; i < 3; i++) wasm_val_copy(&results->data[i], &args->data[i]);
    return NULL;
}

static wasm_trap_t* wide(const wasm_val_vec_t* args, wasm_val_vec_t* results) {
    results->data[0].of.f64 = (double)args->data[0].of.i64 + args->data[1].of.f32 + args->data[2].of.f64;
    return NULL;
}

static wasm_trap_t* through(int what, wasm_ref_t* external, wasm_ref_t* function, wasm_val_t results[3]) {
    wasm_val_t arg[] = {
        WASM_I32_VAL(what),
        {.kind = WASM_EXTERNREF, .of = {.ref = external}},
        {.kind = WASM_FUNCREF, .of = {.ref = function}},
    };
    wasm_val_vec_t args = WASM_ARRAY_VEC(arg), result_vec = {3, results};
    return wasm_func_call(func(THROUGH), &args, &result_vec);
}

static void check_types(const wasm_module_t* module) {
    wasm_importtype_vec_t imports, copied;
    wasm_module_imports(module, &imports);
    CHECK(imports.size == 2);
    wasm_importtype_vec_copy(&copied, &imports);
    wasm_importtype_vec_delete(&imports);
    const wasm_functype_t* type = wasm_externtype_as_functype_const(wasm_importtype_type(copied.data[0]));
    CHECK(type && wasm_functype_params(type)->size == 3);
    CHECK(wasm_valtype_kind(wasm_functype_params(type)->data[1]) == WASM_EXTERNREF);
    CHECK(wasm_valtype_is_num(wasm_functype_results(type)->data[0]));
    CHECK(!wasm_externtype_as_globaltype_const(wasm_importtype_type(copied.data[0])));
    wasm_importtype_vec_delete(&copied);

    wasm_exporttype_vec_t list;
    wasm_module_exports(module, &list);
    CHECK(list.size == EXPORTS && exports.size == EXPORTS);
    for (size_t i = 0; i < list.size; i++) {
        CHECK(wasm_externtype_kind(wasm_exporttype_type(list.data[i])) == wasm_extern_kind(exports.data[i]));
        wasm_externtype_t* of_instance = wasm_extern_type(exports.data[i]);
        CHECK(wasm_externtype_kind(of_instance) == wasm_extern_kind(exports.data[i]));
        wasm_externtype_delete(of_instance);
    }
    CHECK(wasm_extern_kind(exports.data[TAG]) == HEADWATER_EXTERN_TAG);
    const wasm_tabletype_t* table = wasm_externtype_as_tabletype_const(wasm_exporttype_type(list.data[TABLE]));
    CHECK(wasm_tabletype_limits(table)->min == 2 && wasm_tabletype_limits(table)->max == 4);
    CHECK(wasm_valtype_kind(wasm_tabletype_element(table)) == WASM_FUNCREF);
    const wasm_memorytype_t* memory = wasm_externtype_as_memorytype_const(wasm_exporttype_type(list.data[MEMORY]));
    CHECK(wasm_memorytype_limits(memory)->min == 1 && wasm_memorytype_limits(memory)->max == 3);
    const wasm_globaltype_t* global = wasm_externtype_as_globaltype_const(wasm_exporttype_type(list.data[GLOBAL]));
    CHECK(wasm_globaltype_mutability(global) == WASM_VAR);
    CHECK(wasm_valtype_kind(wasm_globaltype_content(global)) == WASM_I64);
    CHECK(!memcmp(wasm_exporttype_name(list.data[TABLE])->data, "table", 5));
    wasm_exporttype_vec_delete(&list);

    wasm_name_t from, name;
    wasm_name_new_from_string(&from, "a");
    wasm_name_new_from_string(&name, "b");
    wasm_limits_t limits = {1, wasm_limits_max_default};
    wasm_importtype_t* made =
        wasm_importtype_new(&from, &name, wasm_memorytype_as_externtype(wasm_memorytype_new(&limits)));
    CHECK(wasm_importtype_name(made)->data[0] == 'b');
    wasm_importtype_delete(made);

    wasm_valtype_vec_t unfilled;
    wasm_valtype_vec_new_uninitialized(&unfilled, 3);
    unfilled.data[1] = wasm_valtype_new_f64();
    wasm_valtype_vec_delete(&unfilled);
    wasm_valtype_delete(NULL);
}

static int freed;

static void count(void* info) { freed += *(int*)info; }

/* A foreign object ends once neither side has it: WebAssembly lets go of many at a time. */
static void check_foreigns(void) {
    static int one = 1, many = 100000;
    wasm_foreign_t* kept = wasm_foreign_new(store);
    wasm_foreign_set_host_info_with_finalizer(kept, &many, count);
    wasm_table_set(wasm_extern_as_table(exports.data[EXTERNS]), 0, wasm_foreign_as_ref(kept));
    wasm_foreign_delete(kept);
    for (int i = 0; i < 5000; i++) {
        wasm_val_t results[3];
        wasm_foreign_t* foreign = wasm_foreign_new(store);
        wasm_foreign_set_host_info_with_finalizer(foreign, &one, count);
        CHECK(!through(0, wasm_foreign_as_ref(foreign), NULL, results));
        CHECK(wasm_ref_same(results[1].of.ref, wasm_foreign_as_ref(foreign)));
        wasm_foreign_delete(foreign);
        CHECK(wasm_ref_get_host_info(results[1].of.ref) == &one);
        wasm_val_delete(&results[1]);
    }
    CHECK(freed > 1000 && freed <= 5000);
    wasm_ref_t* back = wasm_table_get(wasm_extern_as_table(exports.data[EXTERNS]), 0);
    CHECK(back && wasm_ref_get_host_info(back) == &many);
    wasm_table_set(wasm_extern_as_table(exports.data[EXTERNS]), 0, NULL);
    wasm_ref_delete(back);
}

static void check_calls(int* env) {
    wasm_val_t results[3];
    wasm_foreign_t* foreign = wasm_foreign_new(store);
    wasm_foreign_set_host_info(foreign, env);
    wasm_ref_t *foreign_ref = wasm_foreign_as_ref(foreign), *seven = wasm_func_as_ref(func(SEVEN));
    CHECK(!through(0, foreign_ref, seven, results));
    CHECK(wasm_ref_same(results[1].of.ref, foreign_ref) && !wasm_ref_same(results[1].of.ref, seven));
    CHECK(wasm_ref_get_host_info(results[1].of.ref) == env);
    CHECK(wasm_ref_as_foreign(results[1].of.ref) && !wasm_ref_as_func(results[1].of.ref));
    CHECK(wasm_func_same(wasm_ref_as_func(results[2].of.ref), func(SEVEN)));
    for (int i = 0; i < 3; i++) wasm_val_delete(&results[i]);
    CHECK(*env == 1);

    /* Any object is an external reference; null is null. */
    CHECK(!through(0, wasm_extern_as_ref(exports.data[MEMORY]), NULL, results));
    CHECK(wasm_extern_same(wasm_ref_as_extern(results[1].of.ref), exports.data[MEMORY]) && !results[2].of.ref);
    wasm_val_vec_t vec, copied;
    wasm_val_vec_new(&vec, 3, results);
    wasm_val_vec_copy(&copied, &vec);
    wasm_val_vec_delete(&vec);
    CHECK(wasm_ref_same(copied.data[1].of.ref, wasm_extern_as_ref(exports.data[MEMORY])));
    wasm_val_vec_delete(&copied);
    CHECK(fails_with(through(0, NULL, foreign_ref, results), "expected a reference to a function"));

    /* A trap of C comes out as itself, with the frames that it went through. */
    for (int what = 1; what <= 6; what += 5) {
        wasm_trap_t* trap = through(what, foreign_ref, NULL, results);
        CHECK(message_is(trap, "a trap of C") && wasm_trap_same(trap, returned));
        wasm_frame_t* origin = wasm_trap_origin(trap);
        CHECK(wasm_frame_func_index(origin) == 3 && wasm_frame_func_offset(origin) > 0);
        wasm_frame_delete(origin);
        wasm_trap_delete(trap);
        wasm_trap_delete(returned);
    }
    CHECK(!through(2, NULL, NULL, results) && results[0].of.i32 == 7);
    CHECK(wasm_memory_size(wasm_extern_as_memory(exports.data[MEMORY])) == 2);
    CHECK(fails_with(through(3, NULL, NULL, results), "unreachable"));
    CHECK(fails_with(through(4, NULL, NULL, results), "incompatible value"));
    CHECK(fails_with(through(7, NULL, NULL, results), "call stack exhausted"));
    CHECK(!through(5, NULL, NULL, results));
    wasm_foreign_delete(foreign);

    wasm_val_t arg[] = {WASM_I64_VAL(1), WASM_F32_VAL(0.5f), WASM_F64_VAL(0.25)}, result[1];
    wasm_val_vec_t args = WASM_ARRAY_VEC(arg), one = WASM_ARRAY_VEC(result);
    CHECK(!wasm_func_call(func(WIDE), &args, &one) && result[0].of.f64 == 1.75);
    /* One vector for both. */
    CHECK(!wasm_func_call(func(WIDE), &args, &args) && arg[0].kind == WASM_F64 && arg[0].of.f64 == 1.75);
    arg[0].kind = WASM_I64;
    args.size = 2;
    CHECK(fails_with(wasm_func_call(func(WIDE), &args, &one), "expected 3 arguments, got 2"));
    args.size = 3;
    CHECK(fails_with(wasm_func_call(func(WIDE), &args, NULL), "expected room for 1 results"));
    arg[0].kind = WASM_I32;
    CHECK(fails_with(wasm_func_call(func(WIDE), &args, &one), "argument 0: expected a value of type i64"));
    args.size = 1;
    CHECK(fails_with(wasm_func_call(func(VECTOR), &args, NULL), "type v128 have no place"));
    CHECK(fails_with(wasm_func_call(func(THROW), NULL, NULL), "exception"));
    CHECK(wasm_func_param_arity(func(WIDE)) == 3 && wasm_func_result_arity(func(WIDE)) == 1);
    wasm_functype_t* type = wasm_func_type(func(VECTOR));
    CHECK(wasm_valtype_kind(wasm_functype_params(type)->data[0]) == HEADWATER_V128);
    CHECK(!wasm_func_new(store, type, wide) && last_error_is("type v128 have no place"));
    wasm_functype_delete(type);
}

static void check_frames(const wasm_instance_t* instance) {
    wasm_val_t result[1];
    wasm_val_vec_t one = WASM_ARRAY_VEC(result);
    wasm_trap_t* trap = wasm_func_call(func(TRAP), NULL, &one);
    CHECK(message_is(trap, "unreachable"));
    wasm_frame_vec_t trace, copied;
    wasm_trap_trace(trap, &trace);
    wasm_trap_delete(trap);
    wasm_frame_vec_copy(&copied, &trace);
    wasm_frame_vec_delete(&trace);
    CHECK(copied.size == 1 && wasm_frame_func_index(copied.data[0]) == 5);
    CHECK(wasm_frame_module_offset(copied.data[0]) > wasm_frame_func_offset(copied.data[0]));
    CHECK(wasm_instance_same(wasm_frame_instance(copied.data[0]), instance));
    wasm_frame_vec_delete(&copied);
}

static void check_objects(void) {
    wasm_table_t* table = wasm_extern_as_table(exports.data[TABLE]);
    wasm_ref_t* element = wasm_table_get(table, 0);
    CHECK(wasm_ref_same(element, wasm_func_as_ref(func(SEVEN))));
    CHECK(wasm_table_set(table, 1, element) && wasm_table_grow(table, 2, NULL) && wasm_table_size(table) == 4);
    CHECK(!wasm_table_grow(table, 1, NULL) && last_error_is("grow"));
    CHECK(!wasm_table_set(table, 4, NULL) && !wasm_table_get(table, 4) && !wasm_table_get(table, 3));
    CHECK(!wasm_table_set(table, 0, wasm_table_as_ref(table)) && last_error_is("reference to a function"));
    wasm_table_t* externs = wasm_extern_as_table(exports.data[EXTERNS]);
    CHECK(wasm_table_set(externs, 0, wasm_table_as_ref(table)));
    wasm_ref_t* back = wasm_table_get(externs, 0);
    CHECK(wasm_table_same(wasm_ref_as_table(back), table));
    wasm_ref_delete(back);
    wasm_ref_delete(element);

    wasm_global_t* global = wasm_extern_as_global(exports.data[GLOBAL]);
    wasm_val_t val = WASM_I64_VAL(6), got, wrong = WASM_I32_VAL(1);
    wasm_global_set(global, &val);
    wasm_global_set(global, &wrong);
    CHECK(last_error_is("expected a value of type i64"));
    wasm_global_get(global, &got);
    CHECK(got.kind == WASM_I64 && got.of.i64 == 6);
    wasm_global_get(wasm_extern_as_global(exports.data[CONSTANT]), &got);
    CHECK(got.of.f32 == 1.5f);
    wasm_global_set(wasm_extern_as_global(exports.data[CONSTANT]), &got);
    CHECK(last_error_is("immutable"));
    wasm_globaltype_t* type = wasm_globaltype_new(wasm_valtype_new_externref(), WASM_VAR);
    val.kind = WASM_EXTERNREF;
    val.of.ref = wasm_global_as_ref(global);
    wasm_global_t* made = wasm_global_new(store, type, &val);
    wasm_globaltype_delete(type);
    wasm_global_get(made, &got);
    CHECK(wasm_ref_same(got.of.ref, wasm_global_as_ref(global)) && !wasm_global_same(made, global));
    wasm_val_delete(&got);
    wasm_global_delete(made);

    wasm_memory_t* memory = wasm_extern_as_memory(exports.data[MEMORY]);
    CHECK(wasm_memory_data_size(memory) == wasm_memory_size(memory) * MEMORY_PAGE_SIZE);
    wasm_memory_data(memory)[wasm_memory_data_size(memory) - 1] = 1;
    CHECK(!wasm_memory_grow(memory, 100) && last_error_is("grow") && !wasm_memory_share(memory));
    wasm_limits_t limits = {1, 2};
    wasm_memorytype_t* memory_type = wasm_memorytype_new(&limits);
    wasm_memory_t* own_memory = wasm_memory_new(store, memory_type);
    CHECK(own_memory && !wasm_memory_same(own_memory, memory));
    wasm_memorytype_delete(memory_type);
    wasm_memory_delete(own_memory);
    wasm_tabletype_t* table_type = wasm_tabletype_new(wasm_valtype_new_i32(), &limits);
    CHECK(!wasm_table_new(store, table_type, NULL) && last_error_is("tables have references"));
    wasm_tabletype_delete(table_type);
}

static void check_modules(wasm_engine_t* engine, const wasm_module_t* module, const wasm_byte_vec_t* binary) {
    CHECK(wasm_module_validate(store, binary));
    wasm_byte_vec_t part = {binary->size - 1, binary->data}, code;
    CHECK(!wasm_module_validate(store, &part) && last_error_is("offset"));
    CHECK(!wasm_module_new(store, &part) && last_error_is("offset"));
    wasm_module_serialize(module, &code);
    CHECK(code.size > binary->size);
    wasm_module_t* again = wasm_module_deserialize(store, &code);
    CHECK(again && !wasm_module_same(again, module));
    wasm_module_delete(again);
    code.data[code.size - 1] ^= 1;
    CHECK(!wasm_module_deserialize(store, &code) && last_error_is(""));
    wasm_byte_vec_delete(&code);

    wasm_shared_module_t* shared = wasm_module_share(module);
    wasm_store_t* other = wasm_store_new(engine);
    wasm_module_t* obtained = wasm_module_obtain(other, shared);
    wasm_shared_module_delete(shared);
    wasm_trap_t* trap = NULL;
    wasm_extern_t* foreign[] = {exports.data[SEVEN], exports.data[SEVEN]};
    wasm_extern_vec_t imports = WASM_ARRAY_VEC(foreign);
    CHECK(!wasm_instance_new(other, obtained, &imports, &trap) && fails_with(trap, "another store than its own"));
    imports.size = 1;
    CHECK(!wasm_instance_new(store, module, &imports, &trap) && fails_with(trap, ""));
    imports.size = 2;
    CHECK(!wasm_instance_new(store, module, &imports, &trap) && fails_with(trap, "import"));
    wasm_module_delete(obtained);

    wasm_memory_t* memory = wasm_extern_as_memory(exports.data[SHARED]);
    wasm_shared_memory_t* shared_memory = wasm_memory_share(memory);
    wasm_memory_t* elsewhere = wasm_memory_obtain(other, shared_memory);
    wasm_shared_memory_delete(shared_memory);
    CHECK(wasm_memory_grow(elsewhere, 1) && wasm_memory_size(memory) == 2 && wasm_memory_same(elsewhere, memory));
    wasm_memory_data(elsewhere)[1] = 9;
    CHECK(wasm_memory_data(memory)[1] == 9 && wasm_memory_data_size(memory) == 2 * MEMORY_PAGE_SIZE);
    wasm_memory_delete(elsewhere);
    wasm_store_delete(other);
}

/* More than the limit of the interface for Rust; each has information that is finalized with the store. */
static void check_many(wasm_engine_t* engine) {
    static int one = 1;
    wasm_store_t* many = wasm_store_new(engine);
    wasm_byte_vec_t empty = {8, (char*)"\0asm\1\0\0\0"};
    wasm_module_t* module = wasm_module_new(many, &empty);
    for (int i = 0; i < 20000; i++) {
        wasm_instance_t* instance = wasm_instance_new(many, module, NULL, NULL);
        CHECK(instance);
        wasm_instance_set_host_info_with_finalizer(instance, &one, finalize);
        wasm_instance_delete(instance);
    }
    wasm_module_delete(module);
    CHECK(finalized == 0);
    wasm_store_delete(many);
    CHECK(finalized == 20000);
    finalized = 0;
}

static wasm_extern_vec_t last;

static wasm_trap_t* delete_last(void* env, const wasm_val_vec_t* args, wasm_val_vec_t* results) {
    CHECK(env && !args->size && !results->size);
    wasm_extern_vec_delete(&last);
    return NULL;
}

static wasm_trap_t* check_alive(const wasm_val_vec_t* args, wasm_val_vec_t* results) {
    CHECK(!args->size && !results->size && finalized == 0);
    return NULL;
}

/* Code deletes the last handles of its own store, and goes on. */
static void check_last_handle(wasm_engine_t* engine) {
    /* (module (import "a" "d" (func)) (import "a" "c" (func)) (func (export "run") (call 0) (call 1))) */
    static char bytes[] =
        "\0asm\1\0\0\0\1\4\1\x60\0\0\2\15\2\1\x61\1\x64\0\0\1\x61\1\x63\0\0\3\2\1\0"
        "\7\7\1\3run\0\2\12\10\1\6\0\20\0\20\1\13";
    static int one = 1;
    wasm_byte_vec_t binary = {sizeof bytes - 1, bytes};
    wasm_store_t* ending = wasm_store_new(engine);
    wasm_module_t* module = wasm_module_new(ending, &binary);
    if (!module) fail("the module does not compile");
    wasm_functype_t* type = wasm_functype_new_0_0();
    wasm_func_t* funcs[] = {
        wasm_func_new_with_env(ending, type, delete_last, &one, finalize),
        wasm_func_new(ending, type, check_alive),
    };
    wasm_functype_delete(type);
    wasm_extern_t* imported[] = {wasm_func_as_extern(funcs[0]), wasm_func_as_extern(funcs[1])};
    wasm_extern_vec_t imports = WASM_ARRAY_VEC(imported);
    wasm_instance_t* instance = wasm_instance_new(ending, module, &imports, NULL);
    if (!instance) fail("there is no instance");
    wasm_instance_exports(instance, &last);
    wasm_instance_delete(instance);
    for (int i = 0; i < 2; i++) wasm_func_delete(funcs[i]);
    wasm_module_delete(module);
    wasm_store_delete(ending);
    CHECK(finalized == 0);
    CHECK(!wasm_func_call(wasm_extern_as_func(last.data[0]), NULL, NULL));
    CHECK(finalized == 1);
    finalized = 0;
}

int main(int argc, char** argv) {
    static int one = 1, ten = 10, hundred = 100;
    CHECK(argc == 2);
    wasm_engine_t* engine = wasm_engine_new();
    store = wasm_store_new(engine);
    wasm_byte_vec_t binary;
    read_file(argv[1], &binary);
    wasm_module_t* module = wasm_module_new(store, &binary);
    if (!module) fail("the module does not compile");

    wasm_valtype_t* params[] = {wasm_valtype_new_i32(), wasm_valtype_new_externref(), wasm_valtype_new_funcref()};
    wasm_valtype_vec_t param_vec, result_vec;
    wasm_valtype_vec_new(&param_vec, 3, params);
    wasm_valtype_vec_copy(&result_vec, &param_vec);
    wasm_functype_t* type = wasm_functype_new(&param_vec, &result_vec);
    static int env[2] = {0, 0};
    wasm_func_t* call_func = wasm_func_new_with_env(store, type, call, env, NULL);
    wasm_func_t* unused = wasm_func_new_with_env(store, type, call, &hundred, finalize);
    wasm_func_delete(unused);
    wasm_functype_delete(type);
    type = wasm_functype_new_3_1(
        wasm_valtype_new_i64(), wasm_valtype_new_f32(), wasm_valtype_new_f64(), wasm_valtype_new_f64());
    wasm_func_t* wide_func = wasm_func_new(store, type, wide);
    wasm_functype_delete(type);

    wasm_extern_t* imported[] = {wasm_func_as_extern(call_func), wasm_func_as_extern(wide_func)};
    wasm_extern_vec_t imports = WASM_ARRAY_VEC(imported);
    wasm_trap_t* trap = (wasm_trap_t*)&one;
    wasm_instance_t* instance = wasm_instance_new(store, module, &imports, &trap);
    if (!instance) fail("there is no instance");
    CHECK(!trap);
    wasm_instance_exports(instance, &exports);

    check_types(module);
    check_calls(env);
    check_foreigns();
    check_frames(instance);
    check_objects();
    check_modules(engine, module, &binary);
    wasm_byte_vec_delete(&binary);
    check_many(engine);
    check_last_handle(engine);

    /* Finalizers: at once for what is replaced, with the last handle for modules, with the store for the rest. */
    wasm_instance_set_host_info_with_finalizer(instance, &one, finalize);
    CHECK(finalized == 0);
    wasm_instance_t* copy = wasm_instance_copy(instance);
    CHECK(wasm_instance_same(copy, instance) && wasm_instance_get_host_info(copy) == &one);
    wasm_instance_set_host_info_with_finalizer(copy, &one, finalize);
    CHECK(finalized == 1);
    wasm_instance_delete(copy);
    wasm_module_set_host_info_with_finalizer(module, &ten, finalize);
    wasm_module_delete(module);
    CHECK(finalized == 11);

    wasm_instance_delete(instance);
    wasm_func_delete(call_func);
    wasm_func_delete(wide_func);
    wasm_store_delete(store);
    wasm_engine_delete(engine);
    CHECK(finalized == 11);
    /* The exports were the last to keep the store. */
    wasm_extern_vec_delete(&exports);
    CHECK(finalized == 112);
    CHECK(freed == 105000);
    printf("ok\n");
    return 0;
}
