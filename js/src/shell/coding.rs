//! Text to bytes and back (Encoding standard), over encoding_rs, and random bytes: the native half of `coding.js`.
//!
//! Array buffers that are created here are QuickJS's own memory: those over Rust's memory can be transferred, and then
//! QuickJS reallocates what its allocator does not own.

use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use base64::{Engine as _, alphabet};
use encoding_rs::{CoderResult, Decoder, DecoderResult, Encoding};
use rquickjs::class::Trace;
use rquickjs::object::Property;
use rquickjs::prelude::Func;
use rquickjs::{ArrayBuffer, Class, Ctx, Error, Exception, IntoJs, JsLifetime, Object, Result, Value, qjs};
use std::cell::RefCell;

/// The most random bytes per call (Web Cryptography, section 10.1.1).
const MAX_RANDOM: f64 = 65536.0;

/// The functions that `coding.js` calls.
pub(super) fn natives<'js>(ctx: &Ctx<'js>) -> Result<Object<'js>> {
    let natives = Object::new(ctx.clone())?;
    natives.set("encode", Func::from(encode))?;
    natives.set("encodeInto", Func::from(encode_into))?;
    natives.set("newDecoder", Func::from(new_decoder))?;
    natives.set("decode", Func::from(decode))?;
    natives.set("fromBase64", Func::from(from_base64))?;
    natives.set("toBase64", Func::from(to_base64))?;
    natives.set("percentDecode", Func::from(percent_decode))?;
    natives.set("fillRandom", Func::from(fill_random))?;
    Ok(natives)
}

/// A record: an object that inherits nothing, so that neither setters nor `then` are looked for.
pub(super) fn record<'js>(ctx: &Ctx<'js>) -> Result<Object<'js>> {
    let record = Object::new(ctx.clone())?;
    record.set_prototype(None)?;
    Ok(record)
}

/// What `f` makes of the bytes of a buffer from `offset` on. It runs no JavaScript.
///
/// # Errors
/// If `buffer` is not a buffer, is detached, or ends before `offset + len`.
fn with_bytes<R>(
    ctx: &Ctx<'_>,
    buffer: &Value<'_>,
    offset: f64,
    len: f64,
    f: impl FnOnce(&mut [u8]) -> R,
) -> Result<R> {
    if len == 0.0 {
        return Ok(f(&mut []));
    }
    let mut size = 0;
    // SAFETY: the value is alive; anything but a buffer is detected.
    let base = unsafe { qjs::JS_GetArrayBuffer(ctx.as_raw().as_ptr(), &mut size, buffer.as_raw()) };
    if base.is_null() {
        return Err(Error::Exception);
    }
    // Numbers from JavaScript: casts of floats saturate.
    let (offset, len) = (offset as usize, len as usize);
    if offset.checked_add(len).is_none_or(|end| end > size as usize) {
        return Err(Exception::throw_range(ctx, "the view is out of the bounds of its buffer"));
    }
    // SAFETY: it was just checked that there are this many bytes, and nothing else uses them meanwhile: no JavaScript
    // runs, and no other thread has them.
    Ok(f(unsafe { std::slice::from_raw_parts_mut(base.add(offset), len) }))
}

/// UTF-8, in a new buffer. The text has no lone surrogates.
fn encode(ctx: Ctx<'_>, text: String) -> Result<ArrayBuffer<'_>> {
    ArrayBuffer::new_copy(ctx, text.as_bytes())
}

/// UTF-8, as far as whole characters fit. The result is how many code units were read, and how many bytes written.
fn encode_into<'js>(
    ctx: Ctx<'js>,
    text: String,
    buffer: Value<'js>,
    offset: f64,
    len: f64,
    result: Object<'js>,
) -> Result<Object<'js>> {
    let fits = with_bytes(&ctx, &buffer, offset, len, |into| {
        let fits = &text[..text.floor_char_boundary(into.len())];
        into[..fits.len()].copy_from_slice(fits.as_bytes());
        fits
    })?;
    let written = fits.len();
    let read: usize = fits.chars().map(char::len_utf16).sum();
    for (name, count) in [("read", read), ("written", written)] {
        result.prop(name, Property::from(count as f64).writable().enumerable().configurable())?;
    }
    Ok(result)
}

/// A `TextDecoder`'s state.
#[derive(Trace, JsLifetime)]
#[rquickjs::class(frozen)]
pub(crate) struct TextDecoding {
    #[qjs(skip_trace)]
    state: DecodingState,
}

struct DecodingState {
    encoding: &'static Encoding,
    fatal: bool,
    keep_bom: bool,
    /// While a stream continues.
    decoder: RefCell<Option<Decoder>>,
}

// SAFETY: there are no JavaScript values inside.
unsafe impl<'js> JsLifetime<'js> for DecodingState {
    type Changed<'to> = DecodingState;
}

/// A decoder for a label and the name of its encoding; null if there is none for the label.
fn new_decoder<'js>(ctx: Ctx<'js>, label: String, fatal: bool, keep_bom: bool) -> Result<Value<'js>> {
    let Some(encoding) = Encoding::for_label_no_replacement(label.as_bytes()) else {
        return Ok(Value::new_null(ctx));
    };
    let state = DecodingState { encoding, fatal, keep_bom, decoder: RefCell::default() };
    let made = record(&ctx)?;
    made.set("native", Class::instance(ctx, TextDecoding { state })?)?;
    made.set("encoding", encoding.name().to_ascii_lowercase())?;
    Ok(made.into_value())
}

/// Decodes the bytes, after those of earlier calls; `more`: whether the stream continues.
fn decode<'js>(
    ctx: Ctx<'js>,
    native: Class<'js, TextDecoding>,
    buffer: Value<'js>,
    offset: f64,
    len: f64,
    more: bool,
) -> Result<String> {
    let native = native.borrow();
    let state = &native.state;
    let mut decoder = state.decoder.take().unwrap_or_else(|| match state.keep_bom {
        true => state.encoding.new_decoder_without_bom_handling(),
        false => state.encoding.new_decoder_with_bom_removal(),
    });
    let decoded =
        with_bytes(&ctx, &buffer, offset, len, |bytes| decode_bytes(&mut decoder, state.fatal, bytes, !more))?;
    let Some((text, is_valid)) = decoded else {
        return Err(Exception::throw_range(&ctx, "out of memory"));
    };
    if !is_valid {
        return Err(Exception::throw_type(&ctx, &format!("the bytes are not valid {}", state.encoding.name())));
    }
    if more {
        *state.decoder.borrow_mut() = Some(decoder);
    }
    Ok(text)
}

/// The decoded text, and whether all bytes are valid, which matters if errors are `fatal`; `None` if there is no memory
/// for it.
fn decode_bytes(decoder: &mut Decoder, fatal: bool, bytes: &[u8], last: bool) -> Option<(String, bool)> {
    let room = match fatal {
        true => decoder.max_utf8_buffer_length_without_replacement(bytes.len()),
        false => decoder.max_utf8_buffer_length(bytes.len()),
    };
    let mut text = String::new();
    text.try_reserve_exact(room?).ok()?;
    if fatal {
        return match decoder.decode_to_string_without_replacement(bytes, &mut text, last) {
            (DecoderResult::InputEmpty, _) => Some((text, true)),
            (DecoderResult::Malformed(..), _) => Some((text, false)),
            (DecoderResult::OutputFull, _) => unreachable!("there is room for the worst case"),
        };
    }
    let (result, _, _) = decoder.decode_to_string(bytes, &mut text, last);
    assert_eq!(result, CoderResult::InputEmpty, "there is room for the worst case");
    Some((text, true))
}

/// The bytes encoded as Base64 (Infra, "forgiving-base64 decode"), in a buffer or as the characters of a text; null if
/// it is not Base64.
fn from_base64<'js>(ctx: Ctx<'js>, text: String, as_text: bool) -> Result<Value<'js>> {
    let mut digits: Vec<u8> = text.bytes().filter(|b| !matches!(b, b' ' | b'\t' | b'\n' | b'\x0c' | b'\r')).collect();
    if digits.len().is_multiple_of(4) {
        for _ in 0..2 {
            digits.pop_if(|last| *last == b'=');
        }
    }
    let config = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone);
    match GeneralPurpose::new(&alphabet::STANDARD, config).decode(&digits) {
        Err(_) => Ok(Value::new_null(ctx)),
        Ok(bytes) if as_text => bytes.iter().map(|&b| char::from(b)).collect::<String>().into_js(&ctx),
        Ok(bytes) => Ok(ArrayBuffer::new_copy(ctx, bytes)?.into_value()),
    }
}

/// Base64 of a text whose characters are bytes; null if one is not.
fn to_base64<'js>(ctx: Ctx<'js>, text: String) -> Result<Value<'js>> {
    match text.chars().map(u8::try_from).collect::<std::result::Result<Vec<u8>, _>>() {
        Ok(bytes) => STANDARD.encode(bytes).into_js(&ctx),
        Err(_) => Ok(Value::new_null(ctx)),
    }
}

fn percent_decode(ctx: Ctx<'_>, text: String) -> Result<ArrayBuffer<'_>> {
    let bytes: Vec<u8> = percent_encoding::percent_decode_str(&text).collect();
    ArrayBuffer::new_copy(ctx, bytes)
}

/// Fills bytes of a buffer from the system's source of randomness.
fn fill_random<'js>(ctx: Ctx<'js>, buffer: Value<'js>, offset: f64, len: f64) -> Result<()> {
    if len > MAX_RANDOM {
        return Err(Exception::throw_range(&ctx, "more than 65536 random bytes at once"));
    }
    with_bytes(&ctx, &buffer, offset, len, getrandom::fill)?
        .map_err(|e| Exception::throw_internal(&ctx, &format!("no random bytes: {e}")))
}
