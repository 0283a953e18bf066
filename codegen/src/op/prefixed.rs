//! Operators after the prefixes 0xfb (garbage collection) and 0xfc (conversions, bulk operators, wide arithmetic).

/// After 0xfb.
pub mod fb {
    use crate::op::operators;

    operators! { u32, Some(0xfb);
    Gc {
        0 STRUCT_NEW "struct.new" Type [VARIES] [];
        1 STRUCT_NEW_DEFAULT "struct.new_default" Type [] [REF];
        2 STRUCT_GET "struct.get" TypeField [REF] [NAMED];
        3 STRUCT_GET_S "struct.get_s" TypeField [REF] [NAMED];
        4 STRUCT_GET_U "struct.get_u" TypeField [REF] [NAMED];
        5 STRUCT_SET "struct.set" TypeField [REF NAMED] [];
        6 ARRAY_NEW "array.new" Type [NAMED I32] [REF];
        7 ARRAY_NEW_DEFAULT "array.new_default" Type [I32] [REF];
        8 ARRAY_NEW_FIXED "array.new_fixed" TypeSize [VARIES] [];
        9 ARRAY_NEW_DATA "array.new_data" TypeData [I32 I32] [REF];
        10 ARRAY_NEW_ELEM "array.new_elem" TypeElem [I32 I32] [REF];
        11 ARRAY_GET "array.get" Type [REF I32] [NAMED];
        12 ARRAY_GET_S "array.get_s" Type [REF I32] [NAMED];
        13 ARRAY_GET_U "array.get_u" Type [REF I32] [NAMED];
        14 ARRAY_SET "array.set" Type [REF I32 NAMED] [];
        15 ARRAY_LEN "array.len" Nothing [REF] [I32];
        16 ARRAY_FILL "array.fill" Type [REF I32 NAMED I32] [];
        17 ARRAY_COPY "array.copy" Types [REF I32 REF I32 I32] [];
        18 ARRAY_INIT_DATA "array.init_data" TypeData [REF I32 I32 I32] [];
        19 ARRAY_INIT_ELEM "array.init_elem" TypeElem [REF I32 I32 I32] [];
        20 REF_TEST_NON_NULL "ref.test" HeapType [REF] [I32];
        21 REF_TEST_NULLABLE "ref.test" HeapType [REF] [I32];
        22 REF_CAST_NON_NULL "ref.cast" HeapType [REF] [REF];
        23 REF_CAST_NULLABLE "ref.cast" HeapType [REF] [REF];
        24 BR_ON_CAST "br_on_cast" Cast [VARIES] [];
        25 BR_ON_CAST_FAIL "br_on_cast_fail" Cast [VARIES] [];
        26 ANY_CONVERT_EXTERN "any.convert_extern" Nothing [REF] [REF];
        27 EXTERN_CONVERT_ANY "extern.convert_any" Nothing [REF] [REF];
        28 REF_I31 "ref.i31" Nothing [I32] [REF];
        29 I31_GET_S "i31.get_s" Nothing [REF] [I32];
        30 I31_GET_U "i31.get_u" Nothing [REF] [I32];
    }
    }
}

/// After 0xfc.
pub mod fc {
    use crate::op::operators;

    operators! { u32, Some(0xfc);
    SaturatingFloatToInt {
        0 I32_TRUNC_SAT_F32_S "i32.trunc_sat_f32_s" Nothing [F32] [I32];
        1 I32_TRUNC_SAT_F32_U "i32.trunc_sat_f32_u" Nothing [F32] [I32];
        2 I32_TRUNC_SAT_F64_S "i32.trunc_sat_f64_s" Nothing [F64] [I32];
        3 I32_TRUNC_SAT_F64_U "i32.trunc_sat_f64_u" Nothing [F64] [I32];
        4 I64_TRUNC_SAT_F32_S "i64.trunc_sat_f32_s" Nothing [F32] [I64];
        5 I64_TRUNC_SAT_F32_U "i64.trunc_sat_f32_u" Nothing [F32] [I64];
        6 I64_TRUNC_SAT_F64_S "i64.trunc_sat_f64_s" Nothing [F64] [I64];
        7 I64_TRUNC_SAT_F64_U "i64.trunc_sat_f64_u" Nothing [F64] [I64];
    }
    BulkMemory {
        8 MEMORY_INIT "memory.init" DataMemory [ADDRESS I32 I32] [];
        9 DATA_DROP "data.drop" Data [] [];
        10 MEMORY_COPY "memory.copy" Memories [ADDRESS ADDRESS ADDRESS] [];
        11 MEMORY_FILL "memory.fill" Memory [ADDRESS I32 ADDRESS] [];
        12 TABLE_INIT "table.init" ElemTable [INDEX I32 I32] [];
        13 ELEM_DROP "elem.drop" Elem [] [];
        14 TABLE_COPY "table.copy" Tables [INDEX INDEX INDEX] [];
    }
    ReferenceTypes {
        15 TABLE_GROW "table.grow" Table [NAMED INDEX] [INDEX];
        16 TABLE_SIZE "table.size" Table [] [INDEX];
        17 TABLE_FILL "table.fill" Table [INDEX NAMED INDEX] [];
    }
    WideArithmetic {
        19 I64_ADD128 "i64.add128" Nothing [I64 I64 I64 I64] [I64 I64];
        20 I64_SUB128 "i64.sub128" Nothing [I64 I64 I64 I64] [I64 I64];
        21 I64_MUL_WIDE_S "i64.mul_wide_s" Nothing [I64 I64] [I64 I64];
        22 I64_MUL_WIDE_U "i64.mul_wide_u" Nothing [I64 I64] [I64 I64];
    }
    }
}
