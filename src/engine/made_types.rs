//! Types that the host makes, under the names of the `wasmtime` crate. They are those of any engine, which that crate
//! wants to be named.

use super::Engine;
use crate::Result;
use crate::types::{ArrayType, FieldType, Finality, FuncType, StructType, ValType};

impl FuncType {
    /// The type of functions from `params` to `results`. Types are equal if their parameters and results
    /// are, whatever the engine.
    pub fn new(
        _engine: &Engine,
        params: impl IntoIterator<Item = ValType>,
        results: impl IntoIterator<Item = ValType>,
    ) -> FuncType {
        FuncType::of(params, results)
    }

    /// The same with a supertype, or for one.
    ///
    /// # Errors
    /// If the supertype is final, has 63 supertypes, or has parameters and results that these do not match.
    pub fn with_finality_and_supertype(
        _engine: &Engine,
        finality: Finality,
        supertype: Option<&FuncType>,
        params: impl IntoIterator<Item = ValType>,
        results: impl IntoIterator<Item = ValType>,
    ) -> Result<FuncType> {
        FuncType::of_subtype(finality, supertype, params, results)
    }
}

impl StructType {
    /// The type of structs with these fields, without a supertype or subtypes. Types are equal if their fields are,
    /// whatever the engine.
    ///
    /// # Errors
    /// If there are more than 10,000.
    pub fn new(_engine: &Engine, fields: impl IntoIterator<Item = FieldType>) -> Result<StructType> {
        StructType::of(Finality::Final, None, fields)
    }

    /// The same with a supertype, or for one.
    ///
    /// # Errors
    /// If there are more than 10,000 fields, if the supertype is final, has 63 supertypes, or does not begin with fields
    /// that these match.
    pub fn with_finality_and_supertype(
        _engine: &Engine,
        finality: Finality,
        supertype: Option<&StructType>,
        fields: impl IntoIterator<Item = FieldType>,
    ) -> Result<StructType> {
        StructType::of(finality, supertype, fields)
    }
}

impl ArrayType {
    /// The type of arrays with such elements, without a supertype or subtypes. Types are equal if their elements' are,
    /// whatever the engine.
    pub fn new(_engine: &Engine, field_type: FieldType) -> ArrayType {
        ArrayType::alone(Finality::Final, None, &field_type)
    }

    /// The same with a supertype, or for one.
    ///
    /// # Errors
    /// If the supertype is final, has 63 supertypes, or has elements that these do not match.
    pub fn with_finality_and_supertype(
        _engine: &Engine,
        finality: Finality,
        supertype: Option<&ArrayType>,
        field_type: FieldType,
    ) -> Result<ArrayType> {
        ArrayType::of(finality, supertype, field_type)
    }
}
