/* What the examples share: a file's bytes, and an end with a message. */

#ifndef READ_FILE_H
#define READ_FILE_H

#include <headwater.h>
#include <stdio.h>
#include <stdlib.h>

/* Ends the program with why the last function failed. */
static inline void fail(const char* what) {
    wasm_byte_vec_t why;
    headwater_last_error(&why);
    fprintf(stderr, "%s: %.*s\n", what, (int)why.size, why.data);
    wasm_byte_vec_delete(&why);
    exit(1);
}

static inline void read_file(const char* path, wasm_byte_vec_t* out) {
    FILE* file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(1);
    }
    fseek(file, 0, SEEK_END);
    wasm_byte_vec_new_uninitialized(out, (size_t)ftell(file));
    fseek(file, 0, SEEK_SET);
    if (fread(out->data, 1, out->size, file) != out->size) {
        perror(path);
        exit(1);
    }
    fclose(file);
}

/* Prints a trap's message, and deletes the trap. */
static inline void print_trap(const char* what, wasm_trap_t* trap) {
    wasm_message_t message;
    wasm_trap_message(trap, &message);
    printf("%s: %s\n", what, message.data);
    wasm_byte_vec_delete(&message);
    wasm_trap_delete(trap);
}

#endif
