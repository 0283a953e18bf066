// The same in C++: owners delete what they own. hello hello.wasm

#include "read_file.h"

#include <cstdio>
#include <memory>
#include <string>

template <auto del>
struct Delete {
    template <typename T>
    void operator()(T* object) const { del(object); }
};

template <typename T, auto del>
using Own = std::unique_ptr<T, Delete<del>>;

struct Host {
    wasm_store_t* store;
    wasm_memory_t* memory;
    std::string printed;
};

// Exceptions must not leave it.
static wasm_trap_t* print(void* env, const wasm_val_vec_t* args, wasm_val_vec_t* results) noexcept {
    auto& host = *static_cast<Host*>(env);
    const size_t at = static_cast<uint32_t>(args->data[0].of.i32), len = static_cast<uint32_t>(args->data[1].of.i32);
    if (at + len > wasm_memory_data_size(host.memory)) {
        wasm_message_t message;
        wasm_name_new_from_string_nt(&message, "this is not in the memory");
        wasm_trap_t* trap = wasm_trap_new(host.store, &message);
        wasm_byte_vec_delete(&message);
        return trap;
    }
    host.printed.append(wasm_memory_data(host.memory) + at, len);
    results->data[0].of.i32 = static_cast<int32_t>(len);
    return nullptr;
}

int main(int argc, char** argv) {
    Own<wasm_engine_t, wasm_engine_delete> engine(wasm_engine_new());
    Own<wasm_store_t, wasm_store_delete> store(wasm_store_new(engine.get()));

    wasm_byte_vec_t binary;
    read_file(argc > 1 ? argv[1] : "hello.wasm", &binary);
    Own<wasm_module_t, wasm_module_delete> module(wasm_module_new(store.get(), &binary));
    wasm_byte_vec_delete(&binary);
    if (!module) fail("the module does not compile");

    Host host{store.get(), nullptr, ""};
    Own<wasm_functype_t, wasm_functype_delete> type(
        wasm_functype_new_2_1(wasm_valtype_new_i32(), wasm_valtype_new_i32(), wasm_valtype_new_i32()));
    Own<wasm_func_t, wasm_func_delete> function(
        wasm_func_new_with_env(store.get(), type.get(), print, &host, nullptr));

    wasm_extern_t* imported[] = {wasm_func_as_extern(function.get())};
    wasm_extern_vec_t imports = WASM_ARRAY_VEC(imported);
    Own<wasm_instance_t, wasm_instance_delete> instance(
        wasm_instance_new(store.get(), module.get(), &imports, nullptr));
    if (!instance) fail("there is no instance");

    wasm_extern_vec_t exports;
    wasm_instance_exports(instance.get(), &exports);
    host.memory = wasm_extern_as_memory(exports.data[0]);
    wasm_val_t result = WASM_INIT_VAL;
    wasm_val_vec_t args = WASM_EMPTY_VEC, results = {1, &result};
    wasm_trap_t* trap = wasm_func_call(wasm_extern_as_func(exports.data[1]), &args, &results);
    wasm_extern_vec_delete(&exports);
    if (trap) {
        print_trap("trapped", trap);
        return 1;
    }
    std::printf("%s\n%d bytes\n", host.printed.c_str(), result.of.i32);
    return 0;
}
